import type { Config } from '../../src/config.ts';
import { toPrincipal } from '../../src/identity/claims.ts';
import { readCompactToken } from '../../src/identity/compact-token.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { signInLocally } from '../token/sign-in.ts';

export const ANONYMOUS = 'anonymous';

export type Who = {
  /** An e-mail address at the local pool, or `anonymous`. */
  readonly as: string | undefined;
  /** An access token, taken at its word. */
  readonly token: string | undefined;
  readonly password: string;
  readonly tenant: string | undefined;
};

/** The caller as the server would read him; null for anonymous. Throws for a token that is none, and for who cannot sign in. */
export async function readCaller({ as, token, ...signIn }: Who, config: Config, now: Date): Promise<Principal | null> {
  if ((as === undefined) === (token === undefined)) {
    throw new Error('Say who asks: --as <email>, --as anonymous, or --token <access token>.');
  }
  if (as === ANONYMOUS) return null;
  const accessToken = as === undefined ? token : await signInLocally(config, { email: as, ...signIn });
  return toPrincipal(readCompactToken(accessToken ?? '').claims, config.TENANT_CLAIM, now.getTime());
}

/** What is to be known of a token that was taken at its word. */
export function toTokenNotes(principal: Principal | null, now: Date): readonly string[] {
  const isExpired = principal !== null && principal.expiresAt <= now;
  return [
    'The token was read and not verified.',
    ...(isExpired ? [`It ended at ${principal.expiresAt.toISOString()}: the server answers 401.`] : []),
  ];
}
