import type { FastifyReply } from 'fastify';
import type { AppError, ErrorCode } from '../errors.ts';
import { CHALLENGES } from '../identity/challenge.ts';
import { recordRefusal } from '../observability/request-record.ts';
import type { LimitedBy } from './rate-limits.ts';

/** One answer to every request without a credential, whatever it asked: its bytes tell nothing. */
export function replyUnauthenticated(reply: FastifyReply, rule?: string): FastifyReply {
  return replyChallenge(reply, CHALLENGES.noCredential, rule);
}

/** One answer to every credential that is not good, whatever was wrong with it. */
export function replyInvalidToken(reply: FastifyReply, rule: string): FastifyReply {
  return replyChallenge(reply, CHALLENGES.invalidToken, rule);
}

/** A token that was right when it was issued: RFC 6750 has no word for it but that it is not good. */
export function replyStaleToken(reply: FastifyReply): FastifyReply {
  const message =
    'Your role or membership has changed since this token was issued. Refresh it and send this again, once.';
  const error = { code: 'TOKEN_STALE', message } as const;
  return replyError(
    reply.header('www-authenticate', CHALLENGES.invalidToken),
    401,
    error,
    'membership_version: changed since',
  );
}

function replyChallenge(reply: FastifyReply, challenge: string, rule?: string): FastifyReply {
  const error = { code: 'UNAUTHENTICATED', message: 'This needs a valid access token.' } as const;
  return replyError(reply.header('www-authenticate', challenge), 401, error, rule);
}

/** RFC 6585 §4. `waitSeconds` are whole. */
export function replyRateLimited(reply: FastifyReply, waitSeconds: number, by: LimitedBy): FastifyReply {
  const message = 'These are too many requests. Try again after the seconds that Retry-After names.';
  const error = { code: 'RATE_LIMITED', message } as const;
  return replyError(reply.header('retry-after', waitSeconds), 429, error, `rate limit: ${by}`);
}

export function replyUnavailable(reply: FastifyReply, error: AppError): FastifyReply {
  return replyError(reply.header('retry-after', '2'), 503, error, error.reason);
}

export function replyBadInput(reply: FastifyReply, message: string): FastifyReply {
  return replyError(reply, 400, { code: 'BAD_USER_INPUT', message });
}

/** An answer in the form of GraphQL errors, given before GraphQL was reached. `rule` says why, to the log alone. */
export function replyError(reply: FastifyReply, status: number, error: PublicError, rule?: string): FastifyReply {
  const { record } = reply.request;
  if (record) recordRefusal(record, error.code, rule);
  return reply.code(status).type('application/json; charset=utf-8').send(toErrorBody(error));
}

export type PublicError = { readonly code: ErrorCode; readonly message: string };

export function toErrorBody({ code, message }: PublicError) {
  return { errors: [{ message, extensions: { code } }] };
}
