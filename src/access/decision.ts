import type { ErrorCode } from '../errors.ts';
import type { StepUp } from './step-up.ts';

export type RefusalCode = Extract<
  ErrorCode,
  'UNAUTHENTICATED' | 'FORBIDDEN' | 'STEP_UP_REQUIRED' | 'TENANT_REQUIRED' | 'TENANT_SUSPENDED' | 'NOT_FOUND'
>;

type Refused = {
  readonly allowed: false;
  /** Why, for the log. Never sent to a client. */
  readonly reason: string;
  /** The rule that was not met, as it stands in the schema. */
  readonly rule: string;
};

export type Refusal =
  | (Refused & { readonly code: Exclude<RefusalCode, 'STEP_UP_REQUIRED'> })
  | (Refused & { readonly code: 'STEP_UP_REQUIRED'; readonly stepUp: StepUp });

export type Decision = { readonly allowed: true } | Refusal;

export const ALLOWED: Decision = Object.freeze({ allowed: true });

export function refuse(code: Exclude<RefusalCode, 'STEP_UP_REQUIRED'>, rule: string, reason: string): Refusal {
  return Object.freeze({ allowed: false, code, reason, rule });
}

/** Refuses until the caller has signed in again as `stepUp` says. */
export function refuseUntil(stepUp: StepUp, rule: string, reason: string): Refusal {
  return Object.freeze({ allowed: false, code: 'STEP_UP_REQUIRED', reason, rule, stepUp });
}
