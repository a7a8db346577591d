import { describeInterleaving } from '../support/interleaving/describe-interleaving.ts';

describeInterleaving({ operations: 8_000, progressSeconds: 0, timeoutMs: 600_000 });
