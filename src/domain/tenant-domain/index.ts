export { addTenantDomain } from './add-tenant-domain.ts';
export { toEmailDomain } from './email-domain.ts';
export { joinByDomain } from './join-by-domain.ts';
export { joinDomainOnConfirmation } from './join-on-confirmation.ts';
export { loadTenantDomains } from './load-tenant-domains.ts';
export { findOpenDomain } from './open-domain.ts';
export { removeTenantDomain } from './remove-tenant-domain.ts';
export { type TenantDomain, toRecordName, toRecordValue } from './tenant-domain.ts';
export { verifyTenantDomain } from './verify-tenant-domain.ts';
