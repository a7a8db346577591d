import type { FastifyInstance, FastifyReply } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { AppError, type ErrorCode, unavailable } from '../errors.ts';
import type { TriggerContext } from '../triggers/context.ts';
import { handleTrigger } from '../triggers/handle-trigger.ts';

export type TriggerRoutesOptions = {
  readonly triggers: Omit<TriggerContext, 'log'>;
  /** `whsec_…`; a call signed with any of them is good, so that they can be rotated. */
  readonly secrets: readonly string[];
};

// Cognito gives up after 5 s; an answer of ours in time lets it try again instead.
const DEADLINE_MS = 3_000;
const MAX_EVENT_BYTES = 128 * 1024;

const RETRIABLE: readonly ErrorCode[] = ['SERVICE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR'];

/** `POST /triggers/cognito`, signed as https://www.standardwebhooks.com says: nothing is read before the signature holds. */
export async function triggerRoutes(app: FastifyInstance, { triggers, secrets }: TriggerRoutesOptions): Promise<void> {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  // The signature is over the bytes as sent; a parsed body could only be guessed back into them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.post('/triggers/cognito', { bodyLimit: MAX_EVENT_BYTES }, async (request, reply) => {
    const event = verify(webhooks, String(request.body), request.raw.headersDistinct);
    if (event === null) {
      request.log.warn('a trigger call without a good signature');
      return reply.code(401).send({ code: 'UNAUTHENTICATED', message: 'This call is not signed by a known secret.' });
    }
    try {
      return await withDeadline(handleTrigger({ ...triggers, log: request.log }, event));
    } catch (error) {
      request.log[isRefusal(error) ? 'info' : 'error']({ err: error }, 'trigger failed');
      return replyFailure(reply, error);
    }
  });
}

function verify(webhooks: readonly Webhook[], body: string, distinct: NodeJS.Dict<string[]>): unknown {
  const headers: Record<string, string> = {};
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    const values = distinct[name] ?? [];
    if (values.length !== 1) return null;
    headers[name] = values[0] ?? '';
  }
  for (const webhook of webhooks) {
    try {
      return webhook.verify(body, headers);
    } catch {
      // Signed with another secret, perhaps: the next may know it.
    }
  }
  return null;
}

async function withDeadline<Result>(work: Promise<Result>): Promise<Result> {
  const timer = AbortSignal.timeout(DEADLINE_MS);
  const late = new Promise<never>((_, reject) => {
    timer.addEventListener('abort', () => reject(unavailable('trigger: took longer than its deadline')), {
      once: true,
    });
  });
  return Promise.race([work, late]);
}

function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && !RETRIABLE.includes(error.code);
}

function replyFailure(reply: FastifyReply, error: unknown): FastifyReply {
  if (isRefusal(error)) return reply.code(422).send({ code: error.code, message: error.message });
  if (error instanceof AppError) {
    return reply.code(503).header('retry-after', '1').send({ code: error.code, message: error.message });
  }
  return reply.code(500).send({ code: 'INTERNAL_SERVER_ERROR', message: 'The trigger failed.' });
}
