-- EXPIRED is no status of its own: it is a PENDING one whose time has passed. Text and not an enum, so that the status may
-- lead in an index under row policies.
create table invitations (
  tenant_id uuid not null,
  id uuid not null,
  email text not null,
  email_key text collate "C" not null,
  role "MembershipRole" not null,
  status text not null default 'PENDING',
  -- SHA-256 of the secret, in hexadecimal: the secret itself is kept nowhere.
  secret_hash text collate "C" not null,
  -- Null once the member who invited has left.
  invited_by uuid,
  created_at timestamptz(3) not null default current_timestamp,
  expires_at timestamptz(3) not null,
  constraint invitations_pkey primary key (tenant_id, id),
  constraint invitations_status_check check (status in ('PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED')),
  constraint invitations_tenant_id_fkey foreign key (tenant_id) references tenants (id) on delete restrict on update cascade,
  constraint invitations_tenant_id_invited_by_fkey foreign key (tenant_id, invited_by) references memberships (tenant_id, id)
    on delete set null (invited_by) on update cascade
);
create unique index invitations_tenant_id_secret_hash_key on invitations (tenant_id, secret_hash);
create index invitations_tenant_id_status_id_idx on invitations (tenant_id, status, id);
create index invitations_tenant_id_invited_by_idx on invitations (tenant_id, invited_by);
-- One open invitation an address; and by their end, those that are still open are counted without the expired.
create unique index invitations_pending_address_idx on invitations (tenant_id, email_key) where status = 'PENDING';
create index invitations_pending_expires_at_idx on invitations (tenant_id, expires_at) where status = 'PENDING';

call hold_to_tenant('invitations');
-- Whom a tenant invites is for those who run it: not for each of its members, nor for platform staff. None is removed, and
-- whose it is and what it offers stays as it was made.
revoke select on invitations from tenantry_self, tenantry_platform;
revoke delete, update on invitations from tenantry_tenant;
grant update (status, secret_hash, invited_by, expires_at) on invitations to tenantry_tenant;
