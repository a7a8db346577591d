/** Is anything granted past the row policies? Asked as it takes effect, through whichever role or PUBLIC it came. */
export const GRANT_PROBLEMS = `
select format('The login role "%s" has rights of its own on "%s": revoke them from it and from PUBLIC.', l.rolname, t.relname)
from login l join granted g on g.role = l.oid join relation t on t.oid = g.relation
where not pg_has_role(l.oid, t.relowner, 'usage')
  and not exists (select from reach r where pg_has_role(l.oid, r.oid, 'usage'))
union all
select format('The login role "%s" may enter schema public by itself: revoke all on schema public from public, "%s".', l.rolname, l.rolname)
from login l
where exists (select from history) and not l.rolsuper and has_schema_privilege(l.oid, 'public', 'usage, create')
  and not exists (select from reach r where pg_has_role(l.oid, r.oid, 'usage'))
union all
select format('The role "%s" may create in schema public: revoke create on schema public from "%s".', rolname, rolname)
from reach where not rolsuper and has_schema_privilege(oid, 'public', 'create')
union all
select format('The role "%s" may touch "_prisma_migrations": revoke it.', g.rolname)
from granted g join relation t on t.oid = g.relation join reach r on r.oid = g.role
where t.relname = '_prisma_migrations'
union all
-- Users belong to several tenants; their policies ask for the membership. Sessions are their user's, who ends them; of cutoffs a tenant and
-- a user write their own, and read none.
select format('Table "%s" belongs to no tenant, and "%s" may touch it: give it tenant_id uuid not null and call hold_to_tenant(''%I''), or revoke the grant.',
  t.relname, r.rolname, t.relname)
from granted g join relation t on t.oid = g.relation join reach r on r.oid = g.role
where r.rolname in ('tenantry_tenant', 'tenantry_self') and t.relkind in ('r', 'p') and t.tenant_key is null
  and t.relname not in ('users', 'cutoffs', '_prisma_migrations') and (t.relname, r.rolname) not in (('sessions', 'tenantry_self'), ('browser_sessions', 'tenantry_self'))
union all
-- PostgreSQL, Row Security Policies: what concerns a table as a whole is not subject to them.
select format('The role "%s" may truncate or reference "%s", which no row policy holds: revoke truncate, references, trigger on "%s" from "%s".',
  r.rolname, t.relname, t.relname, r.rolname)
from reach r, relation t
where not r.rolsuper and t.relkind in ('r', 'p') and (
  has_table_privilege(r.oid, t.oid, 'truncate, references, trigger') or has_any_column_privilege(r.oid, t.oid, 'references'))
union all
select format('"%s" reads past row policies for "%s": make it a view with security_invoker, or revoke it.', t.relname, g.rolname)
from granted g join relation t on t.oid = g.relation
where t.relkind in ('m', 'f') or t.relkind = 'v'
  and not coalesce((select bool_or(option_value::bool) from pg_options_to_table(t.reloptions) where option_name = 'security_invoker'), false)
union all
select format('The role "%s" may call %s, which runs with the rights of its owner: make it security invoker, or revoke execute on it from public, "%s".',
  r.rolname, p.oid::regprocedure, r.rolname)
from pg_proc p, reach r
where p.prosecdef and not r.rolsuper and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  and has_schema_privilege(r.oid, p.pronamespace, 'usage') and has_function_privilege(r.oid, p.oid, 'execute')
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
union all
select format('The role "%s" has rights on %s, outside schema public, where nothing is checked: move it there, or revoke them.', r.rolname, c.oid::regclass)
from pg_class c, reach r
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not r.rolsuper and c.relnamespace <> 'public'::regnamespace
  and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  and has_schema_privilege(r.oid, c.relnamespace, 'usage')
  and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete')
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;
