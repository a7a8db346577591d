import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, unavailable } from '../errors.ts';
import type { TenantRules } from '../identity/cutoffs.ts';
import type { Principal } from '../identity/principal.ts';
import type { TokenVerifier } from '../identity/verify-token.ts';
import type { CutoffFeed } from '../store/cutoff-feed.ts';
import { replyInvalidToken, replyRateLimited, replyStaleToken, replyUnavailable } from './error-reply.ts';
import { toAddressKey, toCallerKey } from './rate-limits/keys.ts';
import type { RateLimits } from './rate-limits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until a credential was verified; a request without any keeps null. */
    principal: Principal | null;
    /** What holds in the tenant of the token; null where it is open and asks for nothing. */
    tenantRules: TenantRules | null;
  }
}

export type AuthenticateOptions = {
  readonly verifyToken: TokenVerifier;
  readonly standingOf: CutoffFeed['standingOf'];
  /** Hears of every caller that is let in. */
  readonly onCaller: (principal: Principal, agent: string | undefined) => void;
  readonly rateLimits: Pick<RateLimits, 'caller' | 'address'>;
};

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

// RFC 6750 §2.1 over RFC 9110 §11.1: the scheme in any case, one space, one token.
const BEARER = /^bearer ([A-Za-z0-9._~+/=-]+)$/i;

/**
 * A hook that runs before the body is read: a credential that is not good ends the request there, and so does a limit. What
 * is not known to be good counts against its address before any signature is verified, so that beyond the limit forged
 * tokens cost nothing; one that proves good is given back. Who shows a token verified before is not held to his address. A
 * token whose role or membership has changed is told apart, for a refresh mends it.
 */
export function authenticate(options: AuthenticateOptions): Hook {
  const { verifyToken, standingOf, onCaller } = options;
  const { caller, address } = options.rateLimits;
  const takeUnknown = async (token: string | undefined, ip: string) => {
    if (address === null || (token !== undefined && verifyToken.isKnown(token))) return null;
    const key = toAddressKey(ip);
    return { waitSeconds: await address.take(key), giveBack: () => address.giveBack(key) };
  };

  return async (request, reply) => {
    const headers = request.raw.headersDistinct['authorization'] ?? [];
    const token = headers.length === 1 ? BEARER.exec(headers[0] ?? '')?.[1] : undefined;
    const taken = await takeUnknown(token, request.ip);
    if (taken?.waitSeconds != null) return replyRateLimited(reply, taken.waitSeconds, 'address');
    if (headers.length === 0) return undefined;
    if (token === undefined) return replyInvalidToken(reply, 'authorization: not one bearer token');

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
