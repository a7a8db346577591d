export { createTenant } from './create-tenant.ts';
export { getTenant } from './get-tenant.ts';
export { type ListTenantsArgs, listTenants } from './list-tenants.ts';
export { loadTenants } from './load-tenants.ts';
export type { Tenant } from './tenant.ts';
