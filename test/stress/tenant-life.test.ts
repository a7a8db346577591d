import { IS_WHOLE } from '../support/stress.ts';
import { describeTenantLife } from '../support/tenant-life/describe-tenant-life.ts';

describeTenantLife({ steps: IS_WHOLE ? 5_000 : 500, meetsAll: IS_WHOLE, timeoutMs: 300_000, tells: false });
