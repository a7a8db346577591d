import { describeSuddenEnds } from '../support/sudden-end/describe-sudden-ends.ts';

// CI runs it twice, on two servers: fifty in all.
describeSuddenEnds({ kills: 25, timeoutMs: 600_000, tells: false });
