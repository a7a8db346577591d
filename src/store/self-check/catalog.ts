/**
 * What every question is asked of: the login role, the reaches of `$1`, and what stands in schema public, without what
 * extensions brought. Catalogs alone, so that any role may ask. A tenant table is one that has a column `tenant_id`; in
 * `tenants` itself that column is `id`.
 */
export const CATALOG = `
with login as (
  select oid, rolname, rolsuper, rolbypassrls from pg_roles where rolname = session_user
), reach as (
  select * from pg_roles where rolname = any($1::text[])
), relation as (
  select c.*, tenant.attnum as tenant_key, tenant.attname as tenant_column, tenant.attnotnull as tenant_is_set,
    -- Kept by the platform for itself: an app client need not be bound to a tenant and an event need not belong to one, so
    -- both are told apart by ids of their own.
    c.relname in ('app_clients', 'audit_events') as is_of_platform
  from pg_class c
    left join pg_attribute tenant on tenant.attrelid = c.oid and not tenant.attisdropped
      and tenant.attname = case c.relname when 'tenants' then 'id' else 'tenant_id' end
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
), tenant_table as (
  select * from relation where tenant_key is not null and relkind in ('r', 'p')
), tenant_index as (
  -- One over all tenants: a slug, which people write where no tenant is known yet, and a domain shown to be one's own.
  select i.*, t.relname, t.tenant_key, t.tenant_column, c.relname as name,
    t.is_of_platform or c.relname in ('tenants_slug_key', 'tenant_domains_verified_key') as is_of_platform
  from pg_index i join tenant_table t on t.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
), history as (
  select string_to_array(obj_description(oid, 'pg_class'), ' ') as applied from relation where relname = '_prisma_migrations'
), granted as (
  select r.oid as role, r.rolname, t.oid as relation
  from (select oid, rolname from reach union all select oid, rolname from login where not rolsuper) r, relation t
  where has_table_privilege(r.oid, t.oid, 'select, insert, update, delete, truncate, references, trigger')
    or has_any_column_privilege(r.oid, t.oid, 'select, insert, update, references')
), policy as (
  select p.*, t.relname from pg_policy p join relation t on t.oid = p.polrelid
)`;
