-- SELF, wherever rows are found by their tenant: an array is read once and then looked up in an index, where a subselect
-- that names the row would be run for every row.
alter policy self_reach on tenants
  using (id = any (array(select m.tenant_id from memberships m
                         where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))));

-- The caller comes first: a policy is read by its first condition (src/store/self-check/policies.ts).
alter policy self_reach on audit_events
  with check (actor_id = (select nullif(current_setting('app.user_id', true), '')) and tenant_id is null);

-- No reach but SYSTEM is granted app clients. Should one ever be, by mistake, it opens rows of the caller's tenants alone.
create policy tenant_reach on app_clients to tenantry_tenant
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy self_reach on app_clients to tenantry_self
  using (tenant_id = any (array(select m.tenant_id from memberships m
                                where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))));
create policy platform_reach on app_clients for select to tenantry_platform using (true);

-- Whoever adds a table writes one line after `create table`, and no policy by hand, where a slip would open it. For the
-- owner of the tables alone, with the owner's own rights.
create procedure hold_to_tenant(held regclass) language plpgsql
  set search_path to pg_catalog, public, pg_temp
  set client_min_messages to warning
as $procedure$
declare
  tenant_key smallint := (
    select attnum from pg_attribute
    where attrelid = held and attname = 'tenant_id' and atttypid = 'uuid'::regtype and attnotnull and not attisdropped
  );
begin
  if not exists (select from pg_class where oid = held and relkind in ('r', 'p') and relnamespace = 'public'::regnamespace) then
    raise exception '% cannot be held to a tenant: it is no table of schema public.', held;
  end if;
  if tenant_key is null then
    raise exception 'Table % cannot be held to a tenant: give it the column tenant_id uuid not null.', held;
  end if;
  if not exists (
    select from pg_constraint
    where conrelid = held and contype = 'f' and confrelid = 'tenants'::regclass and conkey = array[tenant_key]
  ) then
    raise exception 'Table % cannot be held to a tenant: give it foreign key (tenant_id) references tenants (id).', held;
  end if;
  if not exists (select from pg_index where indrelid = held and indisprimary and indkey[0] = tenant_key) then
    raise exception 'Table % cannot be held to a tenant: give it a primary key that begins with tenant_id.', held;
  end if;

  -- A regclass is written as the name of a table that is there, quoted where it must be.
  execute format($sql$
    alter table %1$s enable row level security, force row level security;
    drop policy if exists tenant_reach on %1$s;
    create policy tenant_reach on %1$s to tenantry_tenant
      using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
    drop policy if exists self_reach on %1$s;
    create policy self_reach on %1$s to tenantry_self
      using (tenant_id = any (array(select m.tenant_id from memberships m
                                    where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))));
    drop policy if exists platform_reach on %1$s;
    create policy platform_reach on %1$s for select to tenantry_platform using (true);
    drop policy if exists system_reach on %1$s;
    create policy system_reach on %1$s to tenantry_system using (true);
    grant select, insert, update, delete on %1$s to tenantry_tenant, tenantry_system;
    grant select on %1$s to tenantry_self, tenantry_platform;
  $sql$, held);
end
$procedure$;
revoke all on procedure hold_to_tenant from public;
comment on procedure hold_to_tenant is
  'For migrations, after create table: gives the table the row policies and grants of the four reaches. May be repeated.';
