import { codesOf } from '../../support/answers.ts';
import type { Answer } from '../../support/product.ts';
import type { Caller } from './caller.ts';
import type { Row } from './home.ts';
import { expectationOf, mayShow, mayWrite } from './oracle.ts';
import type { Path } from './paths.ts';
import type { Variant } from './variants.ts';
import type { Write } from './writes.ts';

/** One question, and what came of it. */
export type Cell = {
  readonly path: Path;
  readonly caller: Caller;
  readonly variant: Variant;
  readonly answer: Answer;
  readonly writes: readonly Write[];
};

/** Everything about a cell that is not as the contract has it; none when all is well. */
export function judge(cell: Cell, rows: readonly Row[]): readonly string[] {
  return [...judgeAnswer(cell), ...judgeWrites(cell), ...findForeign(cell, rows)].map(
    (finding) => `${nameOf(cell)}: ${finding}`,
  );
}

/** `an admin of north, foreign input.membershipId`. */
export function nameOf({ caller, variant }: Pick<Cell, 'caller' | 'variant'>): string {
  return `${caller.name} of ${caller.home}, ${variant.name}`;
}

/** All of an answer but the instant it was given at. */
export function toBytes({ status, headers, text }: Answer): string {
  const lines = [...headers].filter(([name]) => name !== 'date').map((header) => header.join(': '));
  return [status, ...lines, text].join('\n');
}

function judgeAnswer({ path, caller, variant, answer }: Cell): readonly string[] {
  const expected = expectationOf(path, caller, variant);
  const codes = 'code' in expected ? [expected.code] : [];
  const status = codes.includes('UNAUTHENTICATED') ? 401 : 200;
  const ends = valuesAt(answer.body.data, path);
  const isThere = ends.some((value) => value !== null);
  return [
    ...(answer.status === status ? [] : [`status ${answer.status} instead of ${status}`]),
    ...(String(codesOf(answer)) === String(codes) ? [] : [`${list(codesOf(answer))} instead of ${list(codes)}`]),
    ...(isThere && 'code' in expected ? ['a value beside the refusal'] : []),
    ...('isThere' in expected && isThere !== expected.isThere
      ? [expected.isThere ? 'nothing there' : 'something there']
      : []),
    ...('isThere' in expected && isThere && ends.includes(null) ? ['a gap among the rows'] : []),
  ];
}

function judgeWrites({ path, caller, variant, writes }: Cell): readonly string[] {
  if (mayWrite(path, caller, variant)) return [];
  return writes.map(({ relation, operation }) => `${operation} in ${relation}`);
}

function findForeign({ path, caller, answer, writes }: Cell, rows: readonly Row[]): readonly string[] {
  const shown = toBytes(answer);
  const written = JSON.stringify(writes);
  const foreign = rows.filter((row) => !mayShow(path.root, caller, row));
  return foreign.flatMap(({ type, homes, marks }) => {
    const whose = `a ${type} of ${homes.join(' and ') || 'no tenant'}`;
    return [
      ...marks.filter((mark) => shown.includes(mark)).map((mark) => `shows ${mark}, ${whose}`),
      ...marks.filter((mark) => written.includes(mark)).map((mark) => `writes ${mark}, ${whose}`),
    ];
  });
}

/** The values at the end of the path, those of lists one by one. */
function valuesAt(data: unknown, { steps }: Path): readonly unknown[] {
  return steps.reduce<readonly unknown[]>(
    (values, { field }) => values.flatMap((value) => (isRecord(value) ? (value[field.name] ?? null) : [])),
    [data],
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function list(codes: readonly string[]): string {
  return codes.join(', ') || 'no error';
}
