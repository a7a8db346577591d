import type { HttpAnswer } from '../../../bench/support/http-connection.ts';
import type { Ask } from './ask.ts';
import type { Owners } from './owners.ts';

/** `refused`: a proper "not now", for an operation whose right answer is another. */
export type End = 'right' | 'refused' | 'aborted' | 'wrong';

/** How many operations of one kind came to which end. */
export type Ends = Readonly<Record<End, number>>;

export type Counts = {
  readonly kinds: Readonly<Record<string, Ends>>;
  /** Ids and marks of other tenants in answers. None is allowed. */
  readonly foreignTexts: readonly string[];
  /** Answers that are neither right nor "not now". None is allowed. */
  readonly wrong: readonly string[];
};

export type Tally = {
  /** `null` for the answer that was not waited for. */
  take(ask: Ask, answer: HttpAnswer | null): End;
  readonly right: number;
  tell(): Counts;
};

const MOST_TOLD = 20;
const UNAVAILABLE = 'SERVICE_UNAVAILABLE';

export function createTally(owners: Owners): Tally {
  const kinds: Record<string, Ends> = {};
  const foreignTexts: string[] = [];
  const wrong: string[] = [];
  let [operations, right] = [0, 0];
  const tell = (list: string[], { kind, caller }: Ask, what: string) => {
    if (list.length < MOST_TOLD) list.push(`operation ${operations}, ${kind} by ${caller.email}: ${what}`);
  };
  return {
    take: (ask, answer) => {
      operations += 1;
      const end = judge(ask, answer);
      const ends = kinds[ask.kind] ?? { right: 0, refused: 0, aborted: 0, wrong: 0 };
      kinds[ask.kind] = { ...ends, [end]: ends[end] + 1 };
      if (end === 'right') right += 1;
      if (end === 'wrong') tell(wrong, ask, `${answer?.status} ${answer?.body}`);
      const found = owners.findForeign(answer?.body ?? '', ask.tenantIds ?? [ask.caller.tenantId]);
      if (found.length > 0) tell(foreignTexts, ask, `${found} in ${answer?.body}`);
      return end;
    },
    get right() {
      return right;
    },
    tell: () => ({ kinds, foreignTexts, wrong }),
  };
}

function judge({ expected }: Ask, answer: HttpAnswer | null): End {
  if (answer === null) return 'aborted';
  const { status, body } = answer;
  if ('data' in expected) {
    if (status === 200 && body.trimEnd() === JSON.stringify({ data: expected.data })) return 'right';
  } else if (hasOnly(expected.code, body)) return 'right';
  return status === 503 && hasOnly(UNAVAILABLE, body) ? 'refused' : 'wrong';
}

function hasOnly(code: string, body: string): boolean {
  const codes = new Set([...body.matchAll(/"code":"(\w+)"/g)].map(([, found]) => found));
  return codes.size === 1 && codes.has(code);
}
