import { createHash } from 'node:crypto';
import type pg from 'pg';

/** Who is in the measured database. */
export type Population = {
  /** Members of the first tenant. */
  readonly bigTenantMembers: number;
  readonly otherTenants: number;
  /** Members of each other tenant. */
  readonly otherMembers: number;
};

/** What a member's token says of him. */
export type TokenHolder = { readonly userId: string; readonly tenantId: string; readonly membershipVersion: number };

export type Member = TokenHolder & { readonly email: string; readonly isOfBigTenant: boolean };

// Ids follow from a name, so that every run measures the same tree of the same index. Users are random as Cognito's are,
// memberships and tenants ordered by age as version 7 is.
const USER_ID = (who: string) => `md5('user' || ${who})::uuid`;
const ORDERED_ID = (what: string, place: string) =>
  `(lpad(to_hex(1700000000000 + ${place}), 12, '0') || '7' || substr(md5('${what}' || ${place}), 1, 3) || '8' || substr(md5('${what}' || ${place}), 4, 15))::uuid`;

/** Fills a migrated, empty database as its owner. */
export async function populate(owner: pg.Client, population: Population): Promise<void> {
  const { bigTenantMembers, otherTenants, otherMembers } = population;
  await owner.query(`
    create temporary table bench_member as
      select n, case when n <= ${bigTenantMembers} then 0 else 1 + (n - ${bigTenantMembers} - 1) / ${otherMembers} end as tenant
      from generate_series(1, ${bigTenantMembers + otherTenants * otherMembers}) n;
    insert into tenants (id, slug, name, member_count)
      select ${ORDERED_ID('tenant', 't')}, 'tenant-' || t, 'Tenant ' || t, case t when 0 then ${bigTenantMembers} else ${otherMembers} end
      from generate_series(0, ${otherTenants}) t;
    insert into users (id, pool_id, username, email, email_key, email_proof, display_name)
      select ${USER_ID('n')}, 'bench', n::text, 'user' || n || '@tenant-' || tenant || '.test',
        'user' || n || '@tenant-' || tenant || '.test', 'CODE', 'User ' || n
      from bench_member;
    insert into memberships (id, tenant_id, user_id, role, email_key)
      select ${ORDERED_ID('membership', 'n')}, ${ORDERED_ID('tenant', 'tenant')}, ${USER_ID('n')}, 'MEMBER',
        'user' || n || '@tenant-' || tenant || '.test'
      from bench_member;
    drop table bench_member`);
  await owner.query('vacuum analyze');
}

/** Members spread evenly over the big tenant, and one of each of some other tenants. */
export async function pickMembers(owner: pg.Client, ofBig: number, ofOthers: number): Promise<readonly Member[]> {
  const { rows } = await owner.query<Member>(
    `with numbered as (
      select user_id as "userId", email_key as email, tenant_id as "tenantId", version::int as "membershipVersion", row_number() over (partition by tenant_id order by id) as place,
        count(*) over (partition by tenant_id) as size, dense_rank() over (order by tenant_id) as tenant
      from memberships
    )
    select "userId", email, "tenantId", tenant = 1 as "isOfBigTenant", "membershipVersion" from numbered
    where tenant = 1 and place % (size / $1) = 0 and place / (size / $1) <= $1 or tenant between 2 and $2 + 1 and place = 1
    order by md5("userId"::text)`,
    [ofBig, ofOthers],
  );
  return rows;
}

/** The same session for a member in every run. */
export function toSessionId({ userId }: TokenHolder): string {
  return createHash('sha256').update(userId).digest('hex').slice(0, 32);
}
