import type { MembershipRole } from '../../../src/identity/principal.ts';
import type { Home } from './home.ts';

/** Who calls, whichever tenant he is looked at from. */
export type CallerKind = {
  readonly name: string;
  readonly kind: 'NOBODY' | 'USER' | 'MACHINE';
  /** What the token says of a tenant: a role there, or for a machine only its name. Null: it names none. */
  readonly standing: MembershipRole | 'MACHINE' | null;
  /** Where there is a membership behind it. */
  readonly memberOf: readonly ('home' | 'other')[];
  /** Groups of the pool. */
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
};

export type Caller = Omit<CallerKind, 'memberOf'> & {
  /** The tenant whose rows count as own. */
  readonly home: Home;
  readonly token: string | null;
  /** The user's id; null for who is no user. */
  readonly subject: string | null;
  /** The tenant that the token names: `home`, or none. */
  readonly tenant: Home | null;
  readonly memberOf: readonly Home[];
};
