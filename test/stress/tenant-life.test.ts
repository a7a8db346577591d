import { describeTenantLife } from '../support/tenant-life/describe-tenant-life.ts';

describeTenantLife({ steps: 5_000, timeoutMs: 300_000, tells: false });
