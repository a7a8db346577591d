import type { ErrorCode } from '../errors.ts';

export type RefusalCode = Extract<
  ErrorCode,
  'UNAUTHENTICATED' | 'FORBIDDEN' | 'STEP_UP_REQUIRED' | 'TENANT_REQUIRED' | 'NOT_FOUND'
>;

export type Refusal = {
  readonly allowed: false;
  readonly code: RefusalCode;
  /** Why, for the log. Never sent to a client. */
  readonly reason: string;
  /** The rule that was not met, as it stands in the schema. */
  readonly rule: string;
};

export type Decision = { readonly allowed: true } | Refusal;

export const ALLOWED: Decision = Object.freeze({ allowed: true });

export function refuse(code: RefusalCode, rule: string, reason: string): Refusal {
  return Object.freeze({ allowed: false, code, reason, rule });
}
