import { describeInterleaving } from '../support/interleaving/describe-interleaving.ts';

const HOURS = 3_600_000;

describeInterleaving({ operations: 1_000_000, progressSeconds: 10, timeoutMs: 3 * HOURS });
