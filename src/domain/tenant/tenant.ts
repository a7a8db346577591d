import type { TenantStatus } from '../../generated/prisma/enums.ts';

export type Tenant = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: TenantStatus;
  readonly memberCount: number;
  readonly createdAt: Date;
};

/** The columns of a Tenant, as every statement selects them; `t` is the table. */
export const TENANT_COLUMNS =
  't.id, t.slug, t.name, t.status, t.member_count as "memberCount", t.created_at as "createdAt"';
