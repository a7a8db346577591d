import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { audit } from '../domain/audit.ts';
import { InvalidTokenError } from '../identity/invalid-token.ts';
import type { Principal } from '../identity/principal.ts';
import { SYSTEM } from '../store/scope.ts';
import { createBrowserId } from './browser-id.ts';
import { type SessionParts, toActor, type Visitor } from './context.ts';
import { type Demands, SignInError } from './provider.ts';
import { createRecord } from './records.ts';
import { toReturnAddress } from './return-address.ts';
import { type Tokens, toExpiry } from './tokens.ts';

export type SignInRequest = Demands & {
  /** Which of the server's origins the browser came by. */
  readonly origin: string;
  readonly returnTo: string | undefined;
};

const PURPOSE = 'sign-in';
/** Milliseconds a person may take to sign in: what Cognito's own page gives him is less. */
export const SIGN_IN_MS = 600_000;

const Pending = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.url(),
  maxAgeSeconds: z.number().nullable(),
  mfa: z.boolean(),
  returnTo: z.url(),
});

/** Where the browser goes to sign in, and what it must keep until it is back: sealed, so that it says nothing either. */
export async function beginSignIn(
  { provider, sealer, settings }: SessionParts,
  { origin, returnTo, ...demands }: SignInRequest,
): Promise<{ readonly url: URL; readonly state: string; readonly pending: string }> {
  const redirectUri = `${origin}/session/callback`;
  const { url, secrets } = await provider.begin(redirectUri, demands);
  const pending: z.infer<typeof Pending> = {
    ...secrets,
    redirectUri,
    ...demands,
    returnTo: toReturnAddress(returnTo, settings, origin),
  };
  return { url, state: secrets.state, pending: await sealer.seal(pending, PURPOSE, new Date(Date.now() + SIGN_IN_MS)) };
}

/** Or what has to be asked for in its place. */
export type CompletedSignIn = { readonly id: string; readonly returnTo: string } | { readonly again: SignInRequest };

/**
 * Trades what the browser came back with for a session. Its id is a new one whatever the browser had before. Throws
 * SignInError when the answer belongs to no question of this browser's, or the pool says no.
 */
export async function completeSignIn(
  parts: SessionParts,
  visitor: Visitor,
  { search, pending }: { readonly search: string; readonly pending: string | undefined },
): Promise<CompletedSignIn> {
  const { provider, sealer } = parts;
  const opened = pending === undefined ? null : await sealer.open(pending, PURPOSE);
  const asked = Pending.safeParse(opened);
  if (!asked.success) throw new SignInError('sign-in: none was begun in this browser, or too long ago');
  const { redirectUri, maxAgeSeconds, mfa, returnTo, ...secrets } = asked.data;
  const tokens = await provider.complete(new URL(`${redirectUri}${search}`), secrets, maxAgeSeconds);
  const principal = await findPrincipal(parts, tokens);
  if (principal === null) {
    // The pool still knew the browser from before its user was signed out everywhere: his password makes it a new sign-in.
    if (maxAgeSeconds === 0) throw new SignInError('access token: ended, though the password was asked for');
    const { origin } = new URL(redirectUri);
    return { again: { origin, returnTo, maxAgeSeconds: 0, mfa } };
  }
  if (mfa && !principal.mfa) throw new SignInError('access token: proves no second factor, which was asked for');
  return { id: await createSession(parts, visitor, tokens, principal), returnTo };
}

async function createSession(
  parts: SessionParts,
  visitor: Visitor,
  tokens: Tokens,
  principal: Principal,
): Promise<string> {
  const { sealer, database, settings } = parts;
  const { subject: userId, sessionId, authenticatedAt } = principal;
  if (sessionId === null || authenticatedAt === null) throw new SignInError('access token: of no sign-in');
  const key = randomUUID();
  const { id, hash } = createBrowserId();
  const endsAt = new Date(authenticatedAt.getTime() + settings.maxMs);
  const sealed = await sealer.seal(tokens, key, endsAt);
  const expiresAt = toExpiry(tokens);
  await database.transaction(SYSTEM, async (tx) => {
    await createRecord(tx, { key, userId, sessionId, authenticatedAt, tokens: sealed, expiresAt, endsAt, hash });
    await audit(tx, toActor(visitor, userId), {
      action: 'session.begin',
      tenantId: null,
      targetType: 'Session',
      targetId: sessionId,
    });
  });
  return id;
}

/** Null for a token that is no credential any more, fresh as it is. */
async function findPrincipal({ verifyToken, log }: SessionParts, { access }: Tokens): Promise<Principal | null> {
  try {
    return await verifyToken.verify(access);
  } catch (error) {
    if (!(error instanceof InvalidTokenError)) throw error;
    log.info({ rule: error.message }, 'a sign-in at the pool is none here');
    return null;
  }
}
