import type { Span } from './tracing.ts';

/** What a request turned out to be: written on its way down, told once when it has been answered. */
export type RequestRecord = {
  /** Milliseconds on a clock that never goes back. */
  readonly startedAt: number;
  readonly span: Span;
  operation: RecordedOperation | null;
  /** `triggerSource` of a signed call of the user pool; null for any other request. */
  triggerSource: string | null;
  /** The distinct error codes answered. */
  codes: readonly string[];
  /** The rule that refused it, or the first that did. Never answered. */
  rule: string | null;
};

export type RecordedOperation = {
  readonly type: 'query' | 'mutation' | 'subscription';
  /** Null for one without a name, or with a name too long to be of use. */
  readonly name: string | null;
};

const NAME = /^[_A-Za-z][_0-9A-Za-z]{0,63}$/;
const MAX_RULE_LENGTH = 200;

export function createRequestRecord(startedAt: number, span: Span): RequestRecord {
  return { startedAt, span, operation: null, triggerSource: null, codes: [], rule: null };
}

/** Names are the caller's own words: one that is not a plain name is left out. */
export function recordOperation(record: RequestRecord, type: RecordedOperation['type'], name?: string): void {
  record.operation = { type, name: name !== undefined && NAME.test(name) ? name : null };
}

export function recordTrigger(record: RequestRecord, event: unknown): void {
  const source = typeof event === 'object' && event !== null && 'triggerSource' in event ? event.triggerSource : null;
  record.triggerSource = typeof source === 'string' && NAME.test(source) ? source : 'unknown';
}

/** An error answered, and why, where that is known. The first reason stays: later ones often follow from it. */
export function recordRefusal(record: RequestRecord, code: string, rule?: string): void {
  if (!record.codes.includes(code)) record.codes = [...record.codes, code];
  record.rule ??= rule?.slice(0, MAX_RULE_LENGTH) ?? null;
}
