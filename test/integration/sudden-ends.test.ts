import { describeSuddenEnds } from '../support/sudden-end/describe-sudden-ends.ts';

describeSuddenEnds({ kills: 50, timeoutMs: 600_000, tells: false });
