-- What ends a token before it expires, what a tenant asks of sessions, and which app clients are accepted: what every node
-- keeps in memory (src/identity/cutoffs.ts). A row is no tenant's own: it is read by nodes alone, and outlives the tenant.
create table cutoffs (
  id bigint generated always as identity constraint cutoffs_pkey primary key,
  -- The moment it was written and not the transaction's, which may be open for seconds: readers look back by it.
  at timestamptz(3) not null default clock_timestamp(),
  kind text not null constraint cutoffs_kind_check
    check (kind in ('SESSION', 'USER', 'ACCOUNT', 'MEMBERSHIP', 'TENANT', 'CLIENT')),
  of_tenant uuid,
  of_user uuid,
  -- The session's `origin_jti`, or the client's id.
  name text,
  value jsonb not null,
  -- From then on no token is left that it could end; null until a later row of the same takes its place.
  ends_at timestamptz(3)
);
create index cutoffs_at_idx on cutoffs (at);
create index cutoffs_of_user_idx on cutoffs (of_user);
create index cutoffs_of_tenant_idx on cutoffs (of_tenant);
create index cutoffs_name_idx on cutoffs (name);

alter table cutoffs enable row level security, force row level security;
create policy tenant_reach on cutoffs for insert to tenantry_tenant
  with check (kind in ('MEMBERSHIP', 'TENANT', 'CLIENT')
    and of_tenant = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy self_reach on cutoffs for insert to tenantry_self
  with check (kind in ('SESSION', 'USER')
    and of_user = (select nullif(current_setting('app.user_id', true), '')::uuid));
create policy system_reach on cutoffs to tenantry_system using (true);
grant insert on cutoffs to tenantry_tenant, tenantry_self;
grant select, insert, delete on cutoffs to tenantry_system;

-- Heard at the commit, in the order of commits; whoever was not listening reads the table.
create function tell_cutoff() returns trigger language plpgsql as $$
begin
  perform pg_notify('tenantry_cutoffs', jsonb_build_object('id', new.id, 'kind', new.kind, 'tenant', new.of_tenant,
    'user', new.of_user, 'name', new.name, 'value', new.value)::text);
  return null;
end
$$;
create trigger tell_cutoff after insert on cutoffs for each row execute function tell_cutoff();

-- By triggers, so that no write can forget it. No token lives longer than 24 hours (src/identity/access-token.ts).
create function cut_off_membership() returns trigger language plpgsql as $$
begin
  -- A tenant on its way out is shut as a whole, and may have a million members.
  if exists (select from tenants t where t.id = old.tenant_id and t.status <> 'DELETING') then
    insert into cutoffs (kind, of_tenant, of_user, value, ends_at)
    values ('MEMBERSHIP', old.tenant_id, old.user_id,
      to_jsonb(case when tg_op = 'DELETE' then nextval('membership_versions') else new.version end),
      current_timestamp + interval '25 hours');
  end if;
  return null;
end
$$;
create trigger cut_off_changed_membership after update on memberships
  for each row when (old.version <> new.version) execute function cut_off_membership();
create trigger cut_off_ended_membership after delete on memberships
  for each row execute function cut_off_membership();

create function cut_off_account() returns trigger language plpgsql as $$
begin
  insert into cutoffs (kind, of_user, value) values ('ACCOUNT', new.id, to_jsonb(new.disabled_at is not null));
  -- Enabled again, he signs in anew.
  if new.disabled_at is not null then
    insert into cutoffs (kind, of_user, value, ends_at)
    values ('USER', new.id, to_jsonb(floor(extract(epoch from clock_timestamp()))::bigint), current_timestamp + interval '25 hours');
  end if;
  return null;
end
$$;
create trigger cut_off_account after update on users
  for each row when (old.disabled_at is distinct from new.disabled_at) execute function cut_off_account();

create function cut_off_deleted_user() returns trigger language plpgsql as $$
begin
  insert into cutoffs (kind, of_user, value, ends_at)
  values ('ACCOUNT', new.id, 'true', current_timestamp + interval '25 hours');
  return null;
end
$$;
create trigger cut_off_deleted_user after insert on deleted_users
  for each row execute function cut_off_deleted_user();

create function tell_tenant() returns trigger language plpgsql as $$
declare
  tenant tenants := coalesce(new, old);
begin
  insert into cutoffs (kind, of_tenant, value, ends_at)
  values ('TENANT', tenant.id,
    jsonb_build_object('isShut', tg_op = 'DELETE' or tenant.status <> 'ACTIVE', 'mfaRequired', tenant.mfa_required,
      'maxSessionAgeSeconds', tenant.max_session_age_seconds),
    case when tg_op = 'DELETE' then current_timestamp + interval '25 hours' end);
  return null;
end
$$;
create trigger tell_new_tenant after insert on tenants for each row
  when (new.status <> 'ACTIVE' or new.mfa_required or new.max_session_age_seconds is not null)
  execute function tell_tenant();
create trigger tell_changed_tenant after update on tenants for each row
  when ((old.status, old.mfa_required, old.max_session_age_seconds)
    is distinct from (new.status, new.mfa_required, new.max_session_age_seconds))
  execute function tell_tenant();
create trigger tell_ended_tenant after delete on tenants for each row execute function tell_tenant();

create function tell_client() returns trigger language plpgsql as $$
declare
  client app_clients := coalesce(new, old);
begin
  insert into cutoffs (kind, of_tenant, name, value, ends_at)
  values ('CLIENT', client.tenant_id, client.client_id,
    jsonb_build_object('isEnded', tg_op = 'DELETE' or client.ended_at is not null),
    case when tg_op = 'DELETE' then current_timestamp + interval '25 hours' end);
  return null;
end
$$;
create trigger tell_client after insert or update or delete on app_clients
  for each row execute function tell_client();

-- What was so before there was anybody to tell. Forced policies hold the owner too, who has none: without this he would read
-- no row and leave every registered client unknown.
alter table users no force row level security;
alter table tenants no force row level security;
alter table app_clients no force row level security;
alter table deleted_users no force row level security;
alter table cutoffs no force row level security;
insert into cutoffs (kind, of_user, value) select 'ACCOUNT', id, 'true' from users where disabled_at is not null;
insert into cutoffs (kind, of_user, value, ends_at)
  select 'ACCOUNT', id, 'true', current_timestamp + interval '25 hours' from deleted_users;
insert into cutoffs (kind, of_tenant, value)
  select 'TENANT', id, jsonb_build_object('isShut', status <> 'ACTIVE', 'mfaRequired', mfa_required,
    'maxSessionAgeSeconds', max_session_age_seconds)
  from tenants where status <> 'ACTIVE' or mfa_required or max_session_age_seconds is not null;
insert into cutoffs (kind, of_tenant, name, value)
  select 'CLIENT', tenant_id, client_id, jsonb_build_object('isEnded', ended_at is not null) from app_clients;
alter table users force row level security;
alter table tenants force row level security;
alter table app_clients force row level security;
alter table deleted_users force row level security;
alter table cutoffs force row level security;

-- Where a user is signed in, as far as it was seen (src/domain/session).
create table sessions (
  user_id uuid not null,
  -- `origin_jti`.
  id text not null,
  client_id text not null,
  -- The User-Agent header.
  agent text,
  authenticated_at timestamptz(0) not null,
  first_seen_at timestamptz(3) not null default current_timestamp,
  last_seen_at timestamptz(3) not null default current_timestamp,
  ended_at timestamptz(3),
  constraint sessions_pkey primary key (user_id, id)
);
create index sessions_last_seen_at_idx on sessions (last_seen_at);

alter table sessions enable row level security, force row level security;
create policy self_reach on sessions to tenantry_self
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
create policy system_reach on sessions to tenantry_system using (true);
grant select, update (ended_at) on sessions to tenantry_self;
grant select, insert, update, delete on sessions to tenantry_system;
