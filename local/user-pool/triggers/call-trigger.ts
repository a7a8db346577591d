import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { CognitoError } from '../errors.ts';

export type Trigger = { readonly url: string; readonly secret: string };

export type TriggerName = 'PreSignUp' | 'PostConfirmation' | 'PreTokenGeneration';

/** A Cognito Lambda trigger event. */
export type TriggerEvent = {
  readonly triggerSource: string;
  readonly request: object;
  readonly response: object;
} & Readonly<Record<string, unknown>>;

/** Hands an event to whoever listens and gives the event that came back, unread. Throws CognitoError. */
export type CallTrigger = (name: TriggerName, event: TriggerEvent) => Promise<unknown>;

type CallOptions = {
  /** Milliseconds one attempt may take. Cognito waits five seconds, and no setting changes that. */
  readonly deadlineMs?: number;
  readonly warn: (detail: object, message: string) => void;
};

const ATTEMPTS = 3;
const Refusal = z.object({ message: z.string() });

type Attempt =
  | { readonly kind: 'answered'; readonly event: unknown }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly retriable: boolean };

/**
 * Does what a forwarding Lambda function in front of the API does: posts the event, signed by the Standard Webhooks
 * specification, and turns the answer back. 200 is the event, 422 a refusal for the user to read; a timeout, a broken
 * connection and 5xx are tried three times in all under one `webhook-id`. Throws on a secret that is not base64.
 */
export function createTriggerCall(trigger: Trigger, { deadlineMs = 5_000, warn }: CallOptions): CallTrigger {
  const webhook = new Webhook(trigger.secret);
  return async (name, event) => {
    const id = `msg_${randomUUID().replaceAll('-', '')}`;
    const body = JSON.stringify(event);
    let reason = '';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const outcome = await attemptCall(trigger.url, sign(webhook, id, body), body, deadlineMs);
      if (outcome.kind === 'answered') return outcome.event;
      if (outcome.kind === 'refused') {
        // Cognito ends every refusal with a full stop of its own.
        const sentence = outcome.message.replace(/\.$/, '');
        throw new CognitoError('UserLambdaValidationException', `${name} failed with error ${sentence}.`);
      }
      reason = outcome.reason;
      warn({ trigger: event.triggerSource, attempt, reason }, 'the trigger did not answer');
      if (!outcome.retriable) break;
    }
    throw new CognitoError('UnexpectedLambdaException', `${name} invocation failed due to error ${reason}.`);
  };
}

// The machine's time and not the pool's clock: the receiver compares it with its own, and refuses five minutes' difference.
function sign(webhook: Webhook, id: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': webhook.sign(id, now, body),
  };
}

async function attemptCall(
  url: string,
  headers: Record<string, string>,
  body: string,
  deadlineMs: number,
): Promise<Attempt> {
  try {
    const signal = AbortSignal.timeout(deadlineMs);
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
    return toOutcome(answer.status, await answer.text());
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const reason = timedOut ? 'Socket timeout while invoking Lambda function' : 'Lambda function is unreachable';
    return { kind: 'failed', reason, retriable: true };
  }
}

function toOutcome(status: number, text: string): Attempt {
  if (status === 200) return { kind: 'answered', event: parseJson(text) };
  const refusal = Refusal.safeParse(parseJson(text));
  if (status === 422 && refusal.success) return { kind: 'refused', message: refusal.data.message };
  return { kind: 'failed', reason: `HTTP ${status}`, retriable: status >= 500 };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
