-- People sign in through a client of kind USER. One of kind MACHINE calls for itself, with scopes and for one tenant.
alter table app_clients
  add column kind "CallerKind" not null default 'USER',
  add column scopes text[] not null default '{}',
  -- From then on nothing it holds is accepted. The row stays: the trigger must tell a client that was deleted from one that
  -- was never ours, and the pool may still have it.
  add column ended_at timestamptz(3),
  add constraint app_clients_tenant_id_fkey
    foreign key (tenant_id) references tenants (id) on delete cascade on update cascade,
  add constraint app_clients_machine_has_tenant check (kind <> 'MACHINE' or tenant_id is not null);
create index app_clients_tenant_id_client_id_idx on app_clients (tenant_id, client_id);

grant select, insert, update (ended_at) on app_clients to tenantry_tenant;
