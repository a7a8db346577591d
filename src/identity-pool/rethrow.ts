import { AppError, unavailable } from '../errors.ts';

// What it says of a token it does not take, of a role its rules deny, and of a user it knows by two names.
const REFUSALS: readonly string[] = ['NotAuthorizedException', 'ResourceConflictException'];

// Nobody can mend these but whoever set the pool up.
const MISTAKES: readonly string[] = [
  'InvalidIdentityPoolConfigurationException',
  'InvalidParameterException',
  'ResourceNotFoundException',
];

/**
 * An error of the identity pool in the product's terms. By name and not by class: the client is loaded only where there is a
 * pool. Throws FORBIDDEN, SERVICE_UNAVAILABLE.
 */
export function rethrow(error: unknown): never {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: '' };
  if (REFUSALS.includes(name)) {
    const reason = `identity pool: ${name}, ${message}`;
    throw new AppError('FORBIDDEN', 'The identity pool gives this user no credentials.', { reason });
  }
  const isMistake = MISTAKES.includes(name);
  throw unavailable(`identity pool: ${isMistake ? 'is not set up as it must be' : 'does not answer'}`, error);
}
