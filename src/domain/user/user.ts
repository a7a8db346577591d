import type { EmailProof } from '../../generated/prisma/enums.ts';

/** A profile. Its id is the user's `sub` at the pool. */
export type User = {
  readonly id: string;
  readonly email: string | null;
  readonly emailProof: EmailProof;
  readonly displayName: string;
  readonly createdAt: Date;
  /** Since when platform staff keep the user out; null for everybody else. */
  readonly disabledAt: Date | null;
};

/** The columns of a User, as every statement selects them; `u` is the table. */
export const USER_COLUMNS =
  'u.id, u.email, u.email_proof as "emailProof", u.display_name as "displayName", u.created_at as "createdAt", u.disabled_at as "disabledAt"';
