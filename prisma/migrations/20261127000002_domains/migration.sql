-- E-mail domains that a tenant says are its own, and those it has shown to be.
create table tenant_domains (
  tenant_id uuid not null,
  id uuid not null,
  domain text collate "C" not null,
  -- What only the owner of the domain can publish under its name.
  challenge text not null,
  verified_at timestamptz(3),
  created_at timestamptz(3) not null default current_timestamp,
  constraint tenant_domains_pkey primary key (tenant_id, id),
  constraint tenant_domains_tenant_id_fkey foreign key (tenant_id) references tenants (id) on delete restrict on update cascade
);
create unique index tenant_domains_tenant_id_domain_key on tenant_domains (tenant_id, domain);
-- One owner over all tenants. Whoever is told that a domain is another's has just shown that its DNS obeys him.
create unique index tenant_domains_verified_key on tenant_domains (domain) where verified_at is not null;

call hold_to_tenant('tenant_domains');
revoke update on tenant_domains from tenantry_tenant;
grant update (verified_at) on tenant_domains to tenantry_tenant;
