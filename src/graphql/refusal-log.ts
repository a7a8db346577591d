import type { ErrorCode } from '../errors.ts';
import type { CallerContext } from './directives/resolver.ts';

/** What stopped it: a rule of the schema, the check of each row's owner, or the verb that was called. */
export type Net = 'directive' | 'row' | 'domain';

export type LoggedRefusal = {
  readonly net: Net;
  /** Response keys down to the field; positions in lists are left out of the log. */
  readonly path: readonly (string | number)[];
  /** `Type.field`. */
  readonly field: string | null;
  readonly code: ErrorCode;
  /** As SDL; null where no rule of the schema refused. */
  readonly rule: string | null;
  readonly reason: string;
};

export type RefusalLevel = 'info' | 'warn' | 'error';

/** What a new token or a sign-in ends, and nobody was denied by. */
const NO_DENIALS: readonly ErrorCode[] = ['UNAUTHENTICATED', 'TOKEN_STALE'];

/** Lines one request leaves of what one net stopped. Counted for each net, so that none can be used up to hide another. */
const MAX_LINES = 20;
const MAX_TEXT = 300;

const told = new WeakMap<CallerContext, Map<string, Net>>();

/**
 * Writes down who was refused what, and why: once for all rows of a list, and once for both decisions on a field. The
 * audit trail is told without the reason, which may quote what a caller sent.
 */
export function logRefusal(context: CallerContext, refusal: LoggedRefusal, level: RefusalLevel = 'info'): void {
  const { net, field, code, rule, reason } = refusal;
  if (!NO_DENIALS.includes(code)) context.noteDenial({ field, code, by: rule === null ? net : `${net}: ${rule}` });
  const path = refusal.path.filter((key) => typeof key === 'string').join('.');
  const lines = told.get(context) ?? new Map<string, Net>();
  told.set(context, lines);
  const count = [...lines.values()].filter((other) => other === net).length;
  const line = `${code} ${path} ${reason}`;
  if (lines.has(line) || count > MAX_LINES) return;
  lines.set(line, net);
  if (count === MAX_LINES) context.log[level]({ net }, 'refused more than is told');
  else context.log[level](toEntry(context, refusal, path), 'refused');
}

// Response keys are the caller's own words, as long as he likes; a reason may quote what he sent.
function toEntry(
  { principal }: CallerContext,
  { net, field, code, rule, reason }: LoggedRefusal,
  path: string,
): object {
  return {
    net,
    path: path.slice(0, MAX_TEXT),
    field,
    code,
    ...(rule !== null && { rule }),
    reason: reason.slice(0, MAX_TEXT),
    ...(principal && { caller: { kind: principal.kind, sub: principal.subject } }),
    ...(principal?.tenantId != null && { tenantId: principal.tenantId }),
  };
}
