-- Each reach is a role. The login role owns nothing, is granted nothing and inherits nothing: until a statement has
-- put on one of these roles, PostgreSQL refuses it. Roles belong to the cluster, so another database may have made them.
do $$
declare
  reach text;
begin
  foreach reach in array array['tenantry_tenant', 'tenantry_self', 'tenantry_platform', 'tenantry_system'] loop
    begin
      execute format('create role %I nologin noinherit', reach);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
end
$$;

revoke all on schema public from public;
grant usage on schema public to tenantry_tenant, tenantry_self, tenantry_platform, tenantry_system;

alter table users enable row level security, force row level security;
alter table tenants enable row level security, force row level security;
alter table memberships enable row level security, force row level security;
alter table app_clients enable row level security, force row level security;
alter table audit_events enable row level security, force row level security;

-- Settings are read inside a scalar subselect, once per statement; after a transaction an ended setting reads '', not null.

-- TENANT: rows of the tenant in app.tenant_id.
create policy tenant_reach on tenants to tenantry_tenant
  using (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_reach on memberships to tenantry_tenant
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
-- The subselect must stay scalar: `exists` would be planned as a join over every member of the tenant.
create policy tenant_reach on users to tenantry_tenant
  using ((select true from memberships m
          where m.tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and m.user_id = users.id));
create policy tenant_reach on audit_events to tenantry_tenant
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

grant select, insert, update (name, status, member_count) on tenants to tenantry_tenant;
grant select, insert, delete, update (role) on memberships to tenantry_tenant;
grant select on users to tenantry_tenant;
grant select, insert on audit_events to tenantry_tenant;
grant usage on sequence membership_versions to tenantry_tenant;

-- SELF: rows of the memberships of the user in app.user_id.
create policy self_reach on users to tenantry_self
  using (id = (select nullif(current_setting('app.user_id', true), '')::uuid));
create policy self_reach on memberships to tenantry_self
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
create policy self_reach on tenants to tenantry_self
  using ((select true from memberships m
          where m.tenant_id = tenants.id and m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));
create policy self_reach on audit_events for insert to tenantry_self
  with check (tenant_id is null and actor_id = (select nullif(current_setting('app.user_id', true), '')));

grant select, update (display_name, default_tenant_id) on users to tenantry_self;
grant select on memberships, tenants to tenantry_self;
grant insert on audit_events to tenantry_self;

-- PLATFORM: every row, to read. What platform staff change, they change through TENANT or a verb of its own.
create policy platform_reach on users for select to tenantry_platform using (true);
create policy platform_reach on tenants for select to tenantry_platform using (true);
create policy platform_reach on memberships for select to tenantry_platform using (true);
create policy platform_reach on audit_events for select to tenantry_platform using (true);

grant select on users, tenants, memberships, audit_events to tenantry_platform;

-- SYSTEM: triggers and jobs, which act for no caller. The audit trail stays append-only for them too.
create policy system_reach on users to tenantry_system using (true);
create policy system_reach on tenants to tenantry_system using (true);
create policy system_reach on memberships to tenantry_system using (true);
create policy system_reach on app_clients to tenantry_system using (true);
create policy system_reach on audit_events to tenantry_system using (true);

grant select, insert, update, delete on users, tenants, memberships, app_clients to tenantry_system;
grant select, insert on audit_events to tenantry_system;
grant usage on sequence membership_versions to tenantry_system;
