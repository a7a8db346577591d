/**
 * One row per problem, as text. `$1`: the reach roles; `$2`: the newest migration of the checkout. Reads catalogs alone,
 * so that any role may ask. Privileges are asked as they take effect, whichever role or PUBLIC they came through. What
 * extensions brought is left aside.
 */
export const FIND_PROBLEMS = `
with login as (
  select * from pg_roles where rolname = session_user
), reach as (
  select * from pg_roles where rolname = any($1::text[])
), relation as (
  select c.*, exists (
    select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  ) or relname = 'tenants' as has_tenant
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
), history as (
  select obj_description(oid, 'pg_class') as newest from relation where relname = '_prisma_migrations'
), granted as (
  select r.oid as role, r.rolname, t.oid as relation
  from (select oid, rolname from reach union all select oid, rolname from login where not rolsuper) r, relation t
  where has_table_privilege(r.oid, t.oid, 'select, insert, update, delete, truncate, references, trigger')
    or has_any_column_privilege(r.oid, t.oid, 'select, insert, update, references')
), policy as (
  select p.*, t.relname from pg_policy p join relation t on t.oid = p.polrelid
)

select format('PostgreSQL %s is too old: use 15 or newer.', current_setting('server_version')) as problem
where current_setting('server_version_num')::int < 150000

union all
select 'The database is not migrated: run "npm run migrate".'
where not exists (select from history)
union all
-- A newer database passes: while a release is rolled out, nodes of the one before must still be able to start.
select format('The newest migration of the database is %s, older than %s of this checkout: run "npm run migrate".',
  coalesce(newest, 'unknown'), $2::text)
from history where newest is null or newest collate "C" < $2::text

union all
select format('The login role "%s" is a superuser or bypasses row policies: name another role in DATABASE_URL.', rolname)
from login where rolsuper or rolbypassrls
union all
select format('The login role "%s" owns table "%s" or can become its owner: name another role in DATABASE_URL.', l.rolname, t.relname)
from login l, relation t where not l.rolsuper and pg_has_role(l.oid, t.relowner, 'member')
union all
select format('The login role "%s" inherits "%s", so no statement need say its reach: run "npm run migrate".', l.rolname, r.rolname)
from login l, reach r where not l.rolsuper and pg_has_role(l.oid, r.oid, 'usage')
union all
select format('The login role "%s" has rights of its own on "%s": revoke them from it and from PUBLIC.', l.rolname, t.relname)
from login l join granted g on g.role = l.oid join relation t on t.oid = g.relation
where not pg_has_role(l.oid, t.relowner, 'usage')
  and not exists (select from reach r where pg_has_role(l.oid, r.oid, 'usage'))

union all
select format('The role "%s" is missing: run "npm run migrate".', name)
from unnest($1::text[]) name
where exists (select from history) and not exists (select from reach where rolname = name)
union all
select format('The login role "%s" may not put on "%s": run "npm run migrate".', l.rolname, r.rolname)
from login l, reach r
where not pg_has_role(l.oid, r.oid, case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end)
union all
select format('The role "%s" is a superuser, bypasses row policies, may log in or is member of another role: take that from it.', rolname)
from reach r
where rolsuper or rolbypassrls or rolcanlogin or exists (select from pg_auth_members m where m.member = r.oid)
union all
select format('The role "%s" may touch "_prisma_migrations": revoke it.', g.rolname)
from granted g join relation t on t.oid = g.relation join reach r on r.oid = g.role
where t.relname = '_prisma_migrations'

union all
select format('Table "%s" is without forced row policies: alter table "%s" enable row level security, force row level security.', relname, relname)
from relation
where relkind in ('r', 'p') and relname <> '_prisma_migrations' and not (relrowsecurity and relforcerowsecurity)
union all
select format('"%s" reads past row policies for "%s": make it a view with security_invoker, or revoke it.', t.relname, g.rolname)
from granted g join relation t on t.oid = g.relation
where t.relkind in ('m', 'f') or t.relkind = 'v'
  and not coalesce((select bool_or(option_value::bool) from pg_options_to_table(t.reloptions) where option_name = 'security_invoker'), false)
union all
select format('Table "%s" is granted to "%s" without a policy for it: create one, or revoke the grant.', t.relname, g.rolname)
from granted g join relation t on t.oid = g.relation join reach r on r.oid = g.role
where t.has_tenant and t.relkind in ('r', 'p')
  and not exists (select from policy p where p.polrelid = t.oid and g.role = any(p.polroles))
union all
select format('Policy "%s" on "%s" opens its rows to every role: name the reach it is for.', polname, relname)
from policy where polpermissive and 0 = any(polroles)
union all
select distinct format('Policy "%s" on "%s" calls %s, which is volatile and would run for every row: use a stable function.',
  polname, relname, f.oid::regprocedure)
from policy
  cross join regexp_matches(concat(polqual::text, polwithcheck::text), ':(?:opfuncid|funcid) (\\d+)', 'g') called
  join pg_proc f on f.oid = called[1]::oid
where f.provolatile = 'v'`;
