import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { Principal } from '../identity/principal.ts';
import type { TokenVerifier } from '../identity/verify-token.ts';
import { replyUnauthenticated, replyUnavailable } from './error-reply.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until a credential was verified; a request without any keeps null. */
    principal: Principal | null;
  }
}

// RFC 6750 §2.1 over RFC 9110 §11.1: the scheme in any case, one space, one token.
const BEARER = /^bearer ([A-Za-z0-9._~+/=-]+)$/i;

/** A hook that runs before the body is read: a credential that is not good ends the request there. */
export function authenticate(verifyToken: TokenVerifier) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const headers = request.raw.headersDistinct['authorization'] ?? [];
    if (headers.length === 0) return undefined;
    const token = headers.length === 1 ? BEARER.exec(headers[0] ?? '')?.[1] : undefined;
    if (token === undefined) return refuse(request, reply, 'authorization: not one bearer token');
    try {
      request.principal = await verifyToken(token);
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError))
        return refuse(request, reply, error instanceof Error ? error.message : 'unknown');
      request.log.error({ err: error }, 'tokens cannot be verified');
      return replyUnavailable(reply, error);
    }
  };
}

function refuse(request: FastifyRequest, reply: FastifyReply, reason: string): FastifyReply {
  request.log.info({ reason }, 'unauthenticated');
  return replyUnauthenticated(reply);
}
