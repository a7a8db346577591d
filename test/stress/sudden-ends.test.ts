import { IS_WHOLE } from '../support/stress.ts';
import { describeSuddenEnds } from '../support/sudden-end/describe-sudden-ends.ts';

describeSuddenEnds({ kills: IS_WHOLE ? 25 : 3, timeoutMs: 600_000, tells: false });
