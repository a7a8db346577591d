import type { Refusal, RefusalCode } from '../../access/decision.ts';
import { type AppError, forbidden, notFound, stepUpRequired, tenantRequired, unauthenticated } from '../../errors.ts';

const TO_ERROR: Readonly<Record<RefusalCode, (reason: string) => AppError>> = {
  FORBIDDEN: forbidden,
  NOT_FOUND: notFound,
  TENANT_REQUIRED: tenantRequired,
  UNAUTHENTICATED: unauthenticated,
  STEP_UP_REQUIRED: stepUpRequired,
};

/** What the client is told of a refusal; the reason stays with the error for the log. */
export function toAppError({ code, reason }: Refusal): AppError {
  return TO_ERROR[code](reason);
}
