import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, unavailable } from '../errors.ts';
import type { TenantRules } from '../identity/cutoffs.ts';
import type { Principal } from '../identity/principal.ts';
import type { TokenVerifier } from '../identity/verify-token.ts';
import type { BrowserSessions } from '../sessions/browser-sessions.ts';
import type { CutoffFeed } from '../store/cutoff-feed.ts';
import { type Credential, readCredential } from './credential.ts';
import { replyInvalidToken, replyRateLimited, replyStaleToken, replyUnavailable } from './error-reply.ts';
import { toAddressKey, toCallerKey } from './rate-limits/keys.ts';
import type { RateLimits } from './rate-limits.ts';
import { openSession } from './session/open-session.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until a credential was verified; a request without any keeps null. */
    principal: Principal | null;
    /** What holds in the tenant of the token; null where it is open and asks for nothing. */
    tenantRules: TenantRules | null;
    /** The ID token of the browser's session; null for a caller who came by a bearer token. */
    sessionIdToken: string | null;
  }
}

export type AuthenticateOptions = {
  readonly verifyToken: TokenVerifier;
  readonly standingOf: CutoffFeed['standingOf'];
  /** Hears of every caller that is let in. */
  readonly onCaller: (principal: Principal, agent: string | undefined) => void;
  readonly rateLimits: Pick<RateLimits, 'caller' | 'address'>;
  /** Null where browsers have no sessions: then a cookie is nothing. */
  readonly browsers: BrowserSessions | null;
};

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * A hook that runs before the body is read and ends the request where the credential is refused or a rate limit is
 * exceeded.
 *
 * A credential that was not verified before is counted against the limit of its address before its signature is verified,
 * so that forged tokens beyond the limit cost nothing; it is given back when the credential is good. A token whose role or
 * membership has changed since it was issued is answered with a code of its own, since a refresh brings a current one.
 */
export function authenticate(options: AuthenticateOptions): Hook {
  const { verifyToken, standingOf, onCaller, browsers } = options;
  const { caller, address } = options.rateLimits;
  const isKnown = (credential: Credential) =>
    credential.kind === 'BEARER'
      ? verifyToken.isKnown(credential.token)
      : credential.kind === 'COOKIE' && browsers?.isKnown(credential.id) === true;
  const takeUnknown = async (credential: Credential, ip: string) => {
    if (address === null || isKnown(credential)) return null;
    const key = toAddressKey(ip);
    return { waitSeconds: await address.take(key), giveBack: () => address.giveBack(key) };
  };

  return async (request, reply) => {
    const credential = readCredential(request, browsers !== null);
    const taken = await takeUnknown(credential, request.ip);
    if (taken?.waitSeconds != null) return replyRateLimited(reply, taken.waitSeconds, 'address');
    if (credential.kind === 'NONE') return undefined;
    if (credential.kind === 'ODD') return replyInvalidToken(reply, credential.reason);
    const opened =
      browsers !== null && credential.kind === 'COOKIE'
        ? await openSession(browsers, credential.id, request, reply)
        : credential;
    if ('answered' in opened) return opened.answered;
    if (!('token' in opened)) throw new Error('a cookie where browsers have no sessions');

    const { token } = opened;
    const outcome = await verifyToken.verify(token).catch(toError);
    if (outcome instanceof Error && !(outcome instanceof AppError)) return replyInvalidToken(reply, outcome.message);
    await taken?.giveBack();
    if (outcome instanceof AppError) return replyUnavailable(reply, outcome);
    const waitSeconds = caller && (await caller.take(toCallerKey(outcome)));
    if (waitSeconds !== null) return replyRateLimited(reply, waitSeconds, 'caller');
    const standing = await Promise.resolve(standingOf(outcome)).catch(toError);
    if (standing instanceof Error) return replyUnavailable(reply, toAppError(standing));
    if (standing.end !== null) return replyInvalidToken(reply, standing.end);
    if (standing.isStale) return replyStaleToken(reply);
    request.principal = outcome;
    request.tenantRules = standing.tenantRules;
    request.sessionIdToken = 'idToken' in opened ? opened.idToken : null;
    onCaller(outcome, request.headers['user-agent']);
    return undefined;
  };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function toAppError(error: Error): AppError {
  return error instanceof AppError ? error : unavailable('standing: could not be told', error);
}
