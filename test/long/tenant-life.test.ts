import { describeTenantLife } from '../support/tenant-life/describe-tenant-life.ts';

const HOURS = 3_600_000;

describeTenantLife({ steps: 100_000, meetsAll: true, timeoutMs: 2 * HOURS, tells: true });
