import type { Product } from '../product.ts';
import type { Team } from './world.ts';

// Each finds rows that cannot have come about unless a write went under another's scope, or half of one stood.
const CHECKS: Readonly<Record<string, string>> = {
  "a tenant that is not its founder's alone": `
    select t.slug from tenants t left join memberships m on m.tenant_id = t.id left join users u on u.id = m.user_id
    where t.slug like 'made-%' group by t.id
    having count(m.id) <> 1 or max(t.member_count) <> 1 or max(m.role::text) <> 'OWNER' or max(u.email) not like 'founder.' || t.name || '@%'`,
  'a tenant made without a word in the audit trail, or the other way round': `
    select t.slug, e.id from (select * from tenants where slug like 'made-%') t
    full join (select * from audit_events where action = 'tenant.create' and changes->>'slug' like 'made-%') e on e.tenant_id = t.id
    where t.id is null or e.id is null`,
  "an event under another tenant than its actor's and its target's": `
    select e.id from audit_events e
    where e.action = 'membership.role-change' and not exists (
      select from memberships actor, memberships target where actor.user_id::text = e.actor_id and actor.role = 'OWNER'
        and actor.tenant_id = e.tenant_id and target.id::text = e.target_id and target.tenant_id = e.tenant_id)`,
  'a role that is not what its changes add up to': `
    select m.id, m.role from memberships m join users u on u.id = m.user_id
    left join audit_events e on e.target_id = m.id::text and e.action = 'membership.role-change'
    where u.email like 'changing.%' group by m.tenant_id, m.id
    having count(e.id) filter (where e.changes->'role'->>1 = 'ADMIN') - count(e.id) filter (where e.changes->'role'->>1 = 'MEMBER')
      <> case m.role when 'ADMIN' then 1 else 0 end`,
  'a name of another': `
    select email, display_name from users where email like '%@interleaving.test' and email not like '%.' || split_part(display_name, ' ', 1) || '@%'`,
};

/** What the whole run left in the database and must not have: a line for each kind, with the first rows of it. */
export async function findDamage(product: Product, teams: readonly Team[]): Promise<readonly string[]> {
  const found = Object.entries(CHECKS).map(async ([what, select]) => toLines(what, await product.sql(select)));
  return [...(await Promise.all(found)), await findStrangers(product, teams)].flat();
}

/** Places in the 20 tenants that nobody was given, or that were taken away, or that count for another number. */
async function findStrangers({ sql }: Product, teams: readonly Team[]): Promise<readonly string[]> {
  const places = teams.flatMap(({ members }) => members);
  const rows = await sql(
    `with given as (select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) given (id, tenant_id, user_id)),
      found as (select id, tenant_id, user_id from memberships where tenant_id = any($2))
    (table found except table given) union all (table given except table found)
    union all select id, id, id from tenants t where id = any($2) and (member_count, name) is distinct from
      ((select count(*) from given where given.tenant_id = t.id), t.slug)`,
    [places.map((it) => it.membershipId), places.map((it) => it.tenantId), places.map((it) => it.sub)],
  );
  return toLines('a place nobody was given, or one that is gone', rows);
}

function toLines(what: string, rows: readonly object[]): readonly string[] {
  return rows.length === 0 ? [] : [`${rows.length} × ${what}: ${JSON.stringify(rows.slice(0, 3))}`];
}
