-- Whoever exports or deletes what is kept of him has invitations in any tenant, found by his address.
create index invitations_email_key_tenant_id_idx on invitations (email_key, tenant_id);
