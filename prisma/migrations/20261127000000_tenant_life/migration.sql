-- What a tenant asks of those who are in it, and when one that is on its way out is removed for good.
alter table tenants
  add column mfa_required boolean not null default false,
  add column max_session_age_seconds integer,
  add column join_by_domain boolean not null default false,
  add column member_limit integer,
  add column purge_after timestamptz(3);
create index tenants_purge_after_id_idx on tenants (purge_after, id) where purge_after is not null;

grant update (mfa_required, max_session_age_seconds, join_by_domain, member_limit, purge_after) on tenants to tenantry_tenant;
