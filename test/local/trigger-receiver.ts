import Fastify from 'fastify';
import { Webhook } from 'standardwebhooks';
import type { Trigger } from '../../local/user-pool/index.ts';

export type ReceivedEvent = {
  readonly version: string;
  readonly triggerSource: string;
  readonly userPoolId: string;
  readonly userName: string;
  readonly callerContext: { readonly clientId: string };
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: object;
};

export type Reply = { readonly status: number; readonly body: unknown; readonly delayMs?: number };

export type TriggerReceiver = {
  readonly trigger: Trigger;
  readonly events: ReceivedEvent[];
  readonly webhookIds: string[];
  /** Answers from now on; the default sends the event back as it came. */
  answer: (event: ReceivedEvent) => Reply | Promise<Reply>;
} & AsyncDisposable;

export const unchanged = (event: ReceivedEvent): Reply => ({ status: 200, body: event });
export const responding = (response: object) => (event: ReceivedEvent) => ({
  status: 200,
  body: { ...event, response },
});
export const refusing = (status: number, body: object) => () => ({ status, body });

/** What stands at the trigger's address: takes nothing whose Standard Webhooks signature is not good. */
export async function startTriggerReceiver(): Promise<TriggerReceiver> {
  const secret = `whsec_${Buffer.from('a secret of the trigger tests').toString('base64')}`;
  const webhook = new Webhook(secret);
  const server = Fastify({ forceCloseConnections: true });
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.post('/triggers/cognito', async (request, reply) => {
    const headers = request.headers as Record<string, string>;
    const event = webhook.verify(String(request.body), headers) as ReceivedEvent;
    receiver.events.push(event);
    receiver.webhookIds.push(headers['webhook-id'] ?? '');
    const { status, body, delayMs = 0 } = await receiver.answer(event);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return reply.code(status).send(body);
  });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const receiver: TriggerReceiver = {
    trigger: { url: `${origin}/triggers/cognito`, secret },
    events: [],
    webhookIds: [],
    answer: unchanged,
    [Symbol.asyncDispose]: () => server.close(),
  };
  return receiver;
}
