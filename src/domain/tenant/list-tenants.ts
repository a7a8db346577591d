import type { TenantStatus } from '../../generated/prisma/enums.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, platformScope } from '../context.ts';
import { countRows } from '../count-rows.ts';
import { type Page, type PageArgs, toPage } from '../paging.ts';
import { toPrefixRange } from '../search.ts';
import { TENANT_COLUMNS, type Tenant } from './tenant.ts';

export type ListTenantsArgs = PageArgs & {
  readonly search?: string | null | undefined;
  readonly status?: TenantStatus | null | undefined;
};

const IN_STATUS = '($1::"TenantStatus" is null or t.status = $1::"TenantStatus")';
const WITH_PREFIX = 't.slug >= $2 and t.slug < $3';

const BY_AGE = {
  name: 'list-tenants',
  text: `select ${TENANT_COLUMNS} from tenants t where ${IN_STATUS} and (t.created_at, t.id) > ($2::timestamptz, $3::uuid)
    order by t.created_at, t.id limit $4`,
};
const BY_SLUG = {
  name: 'list-tenants-by-slug',
  text: `select ${TENANT_COLUMNS} from tenants t where ${IN_STATUS} and ${WITH_PREFIX} and t.slug > $4 order by t.slug limit $5`,
};
const COUNT = { name: 'count-tenants', text: `select count(*) as count from tenants t where ${IN_STATUS}` };
const COUNT_BY_SLUG = {
  name: 'count-tenants-by-slug',
  text: `select count(*) as count from tenants t where ${IN_STATUS} and ${WITH_PREFIX}`,
};

/** Every tenant of the platform: oldest first, or with `search` by slug. For platform staff. */
export function listTenants(ctx: DomainContext, args: ListTenantsArgs): Promise<Page<Tenant>> {
  authorize(ctx, 'listTenants');
  return args.search ? listBySlug(ctx, args, args.search) : listByAge(ctx, args);
}

function listByAge({ database, cursors, ...ctx }: DomainContext, args: ListTenantsArgs): Promise<Page<Tenant>> {
  const scope = platformScope(ctx);
  const status = args.status ?? null;
  return toPage<Tenant, [at: string, id: string]>({
    args,
    cursors,
    list: `tenants:status=${status}`,
    keyOf: (tenant) => [tenant.createdAt.toISOString(), tenant.id],
    fetch: ([at, id] = ['-infinity', '00000000-0000-0000-0000-000000000000'], limit) =>
      database.query<Tenant>(scope, BY_AGE, [status, at, id, limit]),
    count: () => countRows(database, scope, COUNT, [status]),
  });
}

function listBySlug(
  { database, cursors, ...ctx }: DomainContext,
  args: ListTenantsArgs,
  search: string,
): Promise<Page<Tenant>> {
  const scope = platformScope(ctx);
  const status = args.status ?? null;
  const { from, below } = toPrefixRange(search);
  return toPage<Tenant, [slug: string]>({
    args,
    cursors,
    list: `tenants:status=${status}:search=${from}`,
    keyOf: (tenant) => [tenant.slug],
    fetch: ([slug] = [''], limit) => database.query<Tenant>(scope, BY_SLUG, [status, from, below, slug, limit]),
    count: () => countRows(database, scope, COUNT_BY_SLUG, [status, from, below]),
  });
}
