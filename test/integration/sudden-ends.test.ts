import { describeSuddenEnds } from '../support/sudden-end/describe-sudden-ends.ts';

describeSuddenEnds({ kills: 12, timeoutMs: 600_000, tells: false });
