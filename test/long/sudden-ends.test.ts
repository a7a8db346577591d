import { describeSuddenEnds } from '../support/sudden-end/describe-sudden-ends.ts';

const HOURS = 3_600_000;

describeSuddenEnds({ kills: 500, timeoutMs: 2 * HOURS, tells: true });
