import type { Refusal } from '../../access/decision.ts';
import { stepUpRequired } from '../../access/step-up-required.ts';
import { type AppError, forbidden, notFound, tenantRequired, tenantSuspended, unauthenticated } from '../../errors.ts';

const TO_ERROR = {
  FORBIDDEN: forbidden,
  NOT_FOUND: notFound,
  TENANT_REQUIRED: tenantRequired,
  TENANT_SUSPENDED: tenantSuspended,
  UNAUTHENTICATED: unauthenticated,
} satisfies Readonly<Record<string, (reason: string, rule: string) => AppError>>;

/** What the client is told of a refusal; reason and rule stay with the error for the log. */
export function toAppError(refusal: Refusal): AppError {
  const { reason, rule } = refusal;
  if (refusal.code === 'STEP_UP_REQUIRED') return stepUpRequired(refusal.stepUp, reason, rule);
  return TO_ERROR[refusal.code](reason, rule);
}
