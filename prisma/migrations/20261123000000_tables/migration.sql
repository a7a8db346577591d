create type "TenantStatus" as enum ('ACTIVE', 'SUSPENDED', 'DELETING');
create type "MembershipRole" as enum ('OWNER', 'ADMIN', 'MEMBER');
create type "EmailProof" as enum ('NONE', 'CODE', 'DOMAIN', 'IDP');
create type "CallerKind" as enum ('USER', 'MACHINE');

-- Collation "C" on search keys: >= and < on it are leakproof and follow the index, which LIKE under row policies is not.
create table users (
  id uuid not null constraint users_pkey primary key,
  pool_id text not null,
  username text not null,
  email text,
  email_key text collate "C" not null default '',
  email_proof "EmailProof" not null default 'NONE',
  display_name text not null,
  default_tenant_id uuid,
  created_at timestamptz(3) not null default current_timestamp
);
create index users_email_key_id_idx on users (email_key, id);
create index users_created_at_id_idx on users (created_at, id);

create table tenants (
  id uuid not null constraint tenants_pkey primary key,
  slug text collate "C" not null,
  name text not null,
  status "TenantStatus" not null default 'ACTIVE',
  member_count integer not null default 0,
  created_at timestamptz(3) not null default current_timestamp
);
create unique index tenants_slug_key on tenants (slug);
create index tenants_created_at_id_idx on tenants (created_at, id);

create table memberships (
  id uuid not null,
  tenant_id uuid not null,
  user_id uuid not null,
  role "MembershipRole" not null,
  email_key text collate "C" not null default '',
  version bigint not null default 0,
  joined_at timestamptz(3) not null default current_timestamp,
  constraint memberships_pkey primary key (tenant_id, id),
  constraint memberships_tenant_id_fkey foreign key (tenant_id) references tenants (id) on delete restrict on update cascade,
  constraint memberships_user_id_fkey foreign key (user_id) references users (id) on delete restrict on update cascade
);
create unique index memberships_tenant_id_user_id_key on memberships (tenant_id, user_id);
create index memberships_user_id_tenant_id_idx on memberships (user_id, tenant_id);
create index memberships_tenant_id_email_key_id_idx on memberships (tenant_id, email_key, id);
-- Comparing enums is not leakproof, so under row policies no enum column leads into an index; a partial index is chosen
-- by its predicate. Members need none: among all memberships of a tenant they are soon found.
create index memberships_owners_idx on memberships (tenant_id, id) where role = 'OWNER';
create index memberships_admins_idx on memberships (tenant_id, id) where role = 'ADMIN';

create table app_clients (
  client_id text not null constraint app_clients_pkey primary key,
  tenant_id uuid,
  name text not null,
  created_at timestamptz(3) not null default current_timestamp
);

create table audit_events (
  id uuid not null constraint audit_events_pkey primary key,
  tenant_id uuid,
  at timestamptz(3) not null default current_timestamp,
  action text not null,
  actor_id text,
  actor_kind "CallerKind",
  target_type text not null,
  target_id text not null,
  request_id text,
  changes jsonb
);
create index audit_events_tenant_id_id_idx on audit_events (tenant_id, id);

-- A token carries the version its membership had; a larger one in the table says the token is stale.
create sequence membership_versions;
create function draw_membership_version() returns trigger language plpgsql as $$
begin
  new.version := nextval('membership_versions');
  return new;
end
$$;
create trigger membership_version before insert or update of role on memberships
  for each row execute function draw_membership_version();
