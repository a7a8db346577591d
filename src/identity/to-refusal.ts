import { JwtBaseError } from 'aws-jwt-verify/error';
import { AppError } from '../errors.ts';
import { InvalidTokenError } from './invalid-token.ts';
import { StrictJsonError } from './strict-json.ts';

/**
 * What is told of a token that could not be verified. Only texts of ours are passed on, and no cause: other errors may quote
 * the token.
 */
export function toRefusal(error: unknown): AppError | InvalidTokenError {
  if (error instanceof AppError || error instanceof InvalidTokenError) return error;
  if (error instanceof StrictJsonError) return new InvalidTokenError(error.message);
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  return new InvalidTokenError(
    error instanceof JwtBaseError ? `aws-jwt-verify: ${kind}` : `token: unreadable, ${kind}`,
  );
}
