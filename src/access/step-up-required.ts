import { AppError } from '../errors.ts';
import type { StepUp } from './step-up.ts';

/**
 * STEP_UP_REQUIRED, in words for the user and in `extensions` for his client, named as the arguments of `@auth` are. RFC
 * 9470 §3 calls them `max_age` and `acr_values`.
 */
export function stepUpRequired({ maxAuthAgeSeconds, mfa }: StepUp, reason: string, rule?: string): AppError {
  const age = maxAuthAgeSeconds === null ? [] : [`at most ${toDuration(maxAuthAgeSeconds)} old`];
  const message = `Sign in again: this needs a sign-in ${[...age, ...(mfa ? ['with your second factor'] : [])].join(' and ')}.`;
  const details = { ...(maxAuthAgeSeconds !== null && { maxAuthAgeSeconds }), ...(mfa && { mfa }) };
  return new AppError('STEP_UP_REQUIRED', message, { reason, rule, details });
}

const UNITS = [
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In the largest unit that says it exactly. */
function toDuration(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0) ?? ['second', 1];
  const count = seconds / size;
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
