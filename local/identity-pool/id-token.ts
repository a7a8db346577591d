import { errors, type JWTPayload } from 'jose';
import { z } from 'zod';
import { notAuthorized } from '../user-pool/errors.ts';
import type { Pool } from '../user-pool/pool.ts';
import { verifyIssued } from '../user-pool/verify-issued.ts';
import { LOCAL_IDENTITY_POOL } from './constants.ts';

/** The user pool's ID token, under the pool's name. */
export const Logins = z.record(z.string(), z.string());

const IdClaims = z.looseObject({ sub: z.string(), aud: z.string(), token_use: z.literal('id') });
export type IdClaims = z.infer<typeof IdClaims>;

/**
 * What the one ID token in `Logins` says. Throws NotAuthorizedException for none, for one of another provider, and for one that
 * is not good: whoever has no login would be a guest, and there are none here.
 */
export async function readLogins(pool: Pool, logins: z.infer<typeof Logins> = {}): Promise<IdClaims> {
  const [login, ...others] = Object.entries(logins);
  if (login === undefined) {
    throw notAuthorized('Unauthenticated access is not supported for this identity pool.');
  }
  const [provider, token] = login;
  if (provider !== LOCAL_IDENTITY_POOL.providerName || others.length > 0) {
    throw notAuthorized('Token is not from a supported provider of this identity pool.');
  }
  const parsed = IdClaims.safeParse(await verify(pool, token));
  if (!parsed.success) throw notAuthorized('Invalid login token. Not a Cognito token.');
  if (!pool.state.clients.has(parsed.data.aud)) throw notAuthorized('Invalid login token. Incorrect token audience.');
  return parsed.data;
}

async function verify(pool: Pool, token: string): Promise<JWTPayload> {
  try {
    return await verifyIssued(pool, token);
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw notAuthorized('Invalid login token. Token expired.');
    throw notAuthorized('Invalid login token. Token signature invalid.');
  }
}
