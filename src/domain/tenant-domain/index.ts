export { addTenantDomain } from './add-tenant-domain.ts';
export { loadTenantDomains } from './load-tenant-domains.ts';
export { removeTenantDomain } from './remove-tenant-domain.ts';
export { type TenantDomain, toRecordName, toRecordValue } from './tenant-domain.ts';
export { verifyTenantDomain } from './verify-tenant-domain.ts';
