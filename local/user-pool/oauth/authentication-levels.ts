import type { SignOn } from '../pending.ts';
import type { Pool } from '../pool.ts';
import type { AuthenticationContext, User } from '../state/state.ts';
import { isTotpAsked } from '../totp.ts';
import { OAuthError } from './oauth-error.ts';
import { toWords } from './parameters.ts';

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html: a password alone
// is level 1, with a code of an authenticator app it is level 4. What is between them needs factors this pool has not.
const PREFIX = 'urn:cognito:loa:';
export const ACR_VALUES = [1, 2, 3, 4].map((level) => `${PREFIX}${level}`);

/** The levels `acr_values` names, in its order. Unknown ones are left out; throws OAuthError where none is left. */
export function toLevels(acrValues: string | null): readonly number[] | null {
  if (acrValues === null) return null;
  const levels = toWords(acrValues).flatMap((value) => ACR_VALUES.indexOf(value) + 1 || []);
  if (levels.length === 0) throw new OAuthError('invalid_request');
  return levels;
}

/** The first level the user can reach decides; one who can reach none of them is led there by enrolling an app. */
export function isTotpWanted(pool: Pool, user: User, levels: readonly number[] | null): boolean {
  if (levels === null) return false;
  const reachable = isTotpAsked(pool, user) ? 4 : 1;
  return (levels.find((level) => level <= reachable) ?? 4) > 1;
}

export function hasTotp({ amr }: Pick<SignOn, 'amr'>): boolean {
  return amr.includes('otp');
}

/** `acr` and `amr`, which tokens carry only when `acr_values` asked for them. */
export function toContext({ amr }: SignOn, levels: readonly number[] | null): AuthenticationContext | null {
  return levels === null ? null : { acr: `${PREFIX}${hasTotp({ amr }) ? 4 : 1}`, amr };
}
