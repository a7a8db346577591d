import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { Principal } from '../identity/principal.ts';
import type { TokenVerifier } from '../identity/verify-token.ts';
import { replyInvalidToken, replyRateLimited, replyUnavailable } from './error-reply.ts';
import { toAddressKey, toCallerKey } from './rate-limits/keys.ts';
import type { RateLimits } from './rate-limits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until a credential was verified; a request without any keeps null. */
    principal: Principal | null;
  }
}

export type AuthenticateOptions = {
  readonly verifyToken: TokenVerifier;
  readonly rateLimits: Pick<RateLimits, 'caller' | 'address'>;
};

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

// RFC 6750 §2.1 over RFC 9110 §11.1: the scheme in any case, one space, one token.
const BEARER = /^bearer ([A-Za-z0-9._~+/=-]+)$/i;

/**
 * A hook that runs before the body is read: a credential that is not good ends the request there, and so does a limit. What
 * is not known to be good counts against its address before any signature is verified, so that beyond the limit forged
 * tokens cost nothing; one that proves good is given back. Who shows a token verified before is not held to his address.
 */
export function authenticate({ verifyToken, rateLimits: { caller, address } }: AuthenticateOptions): Hook {
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
    request.principal = outcome;
    return undefined;
  };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
