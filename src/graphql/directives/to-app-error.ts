import type { Refusal, RefusalCode } from '../../access/decision.ts';
import { AppError, forbidden, notFound, tenantRequired } from '../../errors.ts';

const TO_ERROR: Readonly<Record<RefusalCode, (reason: string) => AppError>> = {
  FORBIDDEN: forbidden,
  NOT_FOUND: notFound,
  TENANT_REQUIRED: tenantRequired,
  UNAUTHENTICATED: (reason) => new AppError('UNAUTHENTICATED', 'Sign in first.', { reason }),
  STEP_UP_REQUIRED: (reason) =>
    new AppError('STEP_UP_REQUIRED', 'Sign in again, with your second factor if you have one, and retry.', { reason }),
};

/** What the client is told of a refusal; the reason stays with the error for the log. */
export function toAppError({ code, reason }: Refusal): AppError {
  return TO_ERROR[code](reason);
}
