import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, badUserInput, type ErrorCode, unavailable } from '../errors.ts';
import { MASKED_MESSAGE } from '../graphql/errors.ts';
import { recordRefusal, recordTrigger } from '../observability/request-record.ts';
import type { TriggerContext } from '../triggers/context.ts';
import { handleTrigger } from '../triggers/handle-trigger.ts';
import { type PublicError, replyRateLimited } from './error-reply.ts';
import { toAddressKey } from './rate-limits/keys.ts';
import type { RateLimits } from './rate-limits.ts';
import { createSignatureCheck } from './trigger-signature.ts';

export type TriggerRoutesOptions = {
  readonly triggers: Omit<TriggerContext, 'log' | 'signedAt' | 'signal'>;
  /** `whsec_…`; a call signed with any of them is good, so that they can be rotated. */
  readonly secrets: readonly string[];
  /** Counts calls without a good signature by their address; those of the pool are never counted. */
  readonly rateLimits: Pick<RateLimits, 'address'>;
};

// Twice the largest event there is a use for.
const MAX_EVENT_BYTES = 128 * 1024;
const RETRY_AFTER_SECONDS = '1';

const RETRIABLE: readonly ErrorCode[] = ['SERVICE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR'];

/** `POST /triggers/cognito`, signed as https://www.standardwebhooks.com says: nothing is read before the signature holds. */
export async function triggerRoutes(app: FastifyInstance, options: TriggerRoutesOptions): Promise<void> {
  const { triggers, rateLimits } = options;
  const signedAt = createSignatureCheck(options.secrets);
  const replyUnsigned = async (request: FastifyRequest, reply: FastifyReply) => {
    const waitSeconds = (await rateLimits.address?.take(toAddressKey(request.ip))) ?? null;
    if (waitSeconds !== null) return replyRateLimited(reply, waitSeconds, 'address');
    const message = 'This call is not signed by a known secret.';
    return replyCode(reply, 401, { code: 'UNAUTHENTICATED', message }, 'signature: none that is good');
  };

  // The signature is over the bytes as sent, whatever type they are said to be of.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: FastifyError, request, reply) =>
    error.statusCode === 413 ? replyTooLarge(reply) : replyUnsigned(request, reply),
  );

  app.post('/triggers/cognito', { bodyLimit: MAX_EVENT_BYTES }, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const at = signedAt(body, request.raw.headersDistinct);
    if (at === null) return replyUnsigned(request, reply);
    const signal = AbortSignal.timeout(triggers.timings.deadlineMs);
    try {
      const ctx = { ...triggers, log: request.log, signedAt: at, signal };
      const event = parseBody(body);
      if (request.record) recordTrigger(request.record, event);
      return await inTime(signal, handleTrigger(ctx, event));
    } catch (error) {
      if (!isRefusal(error)) request.log.error({ err: error }, 'trigger failed');
      return replyFailure(reply, error);
    }
  });
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw badUserInput('This is not a Cognito trigger event.', 'not JSON');
  }
}

async function inTime<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(unavailable('trigger: took longer than its deadline'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, late]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && !RETRIABLE.includes(error.code);
}

function replyFailure(reply: FastifyReply, error: unknown): FastifyReply {
  if (isRefusal(error)) return replyCode(reply, 422, error, error.reason);
  reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (error instanceof AppError) return replyCode(reply, 503, error, error.reason);
  return replyCode(reply, 500, { code: 'INTERNAL_SERVER_ERROR', message: MASKED_MESSAGE });
}

function replyTooLarge(reply: FastifyReply): FastifyReply {
  const message = `An event may have at most ${MAX_EVENT_BYTES} bytes.`;
  return replyCode(reply, 413, { code: 'PAYLOAD_TOO_LARGE', message });
}

function replyCode(reply: FastifyReply, status: number, { code, message }: PublicError, rule?: string): FastifyReply {
  const { record } = reply.request;
  if (record) recordRefusal(record, code, rule);
  return reply.code(status).send({ code, message });
}
