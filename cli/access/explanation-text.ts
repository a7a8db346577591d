import { styled } from '../../local/terminal.ts';
import type { ExplainedField, Explanation } from './explanation.ts';

const MARKS = {
  allowed: styled('green', '✓ allowed    '),
  denied: styled('red', '✗ denied     '),
  'not reached': styled('dim', '· not reached'),
} as const;

/** For people: a line for each field, then its rules and where they are written, and last what becomes of the whole. */
export function toText({ caller, fields, outcome, notes }: Explanation): string {
  const width = Math.max(0, ...fields.map(({ path }) => path.length));
  return [
    `${toCallerLine(caller)}\n`,
    ...fields.flatMap((field) => toLines(field, width)),
    `\n${styled('bold', outcome.text)}`,
    ...notes,
  ].join('\n');
}

function toCallerLine(caller: Explanation['caller']): string {
  if (caller === null) return 'Nobody, without a token:';
  const { kind, subject, tenantId, groups, scopes } = caller;
  const names = kind === 'USER' ? `groups ${list(groups)}` : `scopes ${list(scopes)}`;
  return `${kind} ${subject}, ${tenantId === null ? 'no tenant' : `tenant ${tenantId}`}, ${names}:`;
}

function toLines(
  { path, coordinate, verdict, code, missing, rules }: ExplainedField,
  width: number,
): readonly string[] {
  const line = `${MARKS[verdict]}  ${path.padEnd(width)}  ${styled('dim', coordinate)}`;
  if (verdict === 'not reached') return [line];
  const written = rules.map(({ rule, coordinate, at }) => `${rule}  ${styled('dim', `${coordinate}, ${at}`)}`);
  const by = written.length > 0 ? written : ['the rule of the field that returns it'];
  const why = code === null ? [] : [`${styled('red', code)}, missing: ${missing}`];
  return [line, ...[...why, ...by].map((text) => `${' '.repeat(17)}${text}`)];
}

function list(names: readonly string[]): string {
  return names.length > 0 ? names.join(', ') : 'none';
}
