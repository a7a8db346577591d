import type { TenantStatus } from '../../generated/prisma/enums.ts';

/** What a tenant asks of those who are in it. */
export type TenantPolicy = {
  /** Whether a session must have proven a second factor. */
  readonly mfaRequired: boolean;
  /** Seconds since the sign-in that a session may last; null for as long as the pool lets it. */
  readonly maxSessionAgeSeconds: number | null;
  /** Whether whoever has a proven address in a verified domain of the tenant may join. */
  readonly joinByDomain: boolean;
  /** Members at most; null for no limit. Those who are there stay. */
  readonly memberLimit: number | null;
};

/** A row of tenants. Its policy lies in it flat, as the columns do. */
export type Tenant = TenantPolicy & {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: TenantStatus;
  readonly memberCount: number;
  readonly createdAt: Date;
  /** When it is removed for good; null unless it is DELETING. */
  readonly purgeAfter: Date | null;
};

/** The columns of a Tenant, as every statement selects them; `t` is the table. */
export const TENANT_COLUMNS = `t.id, t.slug, t.name, t.status, t.member_count as "memberCount", t.created_at as "createdAt",
  t.purge_after as "purgeAfter", t.mfa_required as "mfaRequired", t.max_session_age_seconds as "maxSessionAgeSeconds",
  t.join_by_domain as "joinByDomain", t.member_limit as "memberLimit"`;
