import { describeInterleaving } from '../support/interleaving/describe-interleaving.ts';
import { IS_WHOLE } from '../support/stress.ts';

describeInterleaving({ operations: IS_WHOLE ? 8_000 : 1_600, progressSeconds: 0, timeoutMs: 600_000 });
