import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { type Answer, type Product, TRIGGER_SECRET } from './product.ts';

export type Signing = {
  readonly secret?: string;
  readonly at?: Date;
  readonly id?: string;
};

/** What a call carries beside its body: Standard Webhooks' three headers. */
export function signBody(body: string, { secret = TRIGGER_SECRET, at = new Date(), id = randomUUID() }: Signing = {}) {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

/** Hands an event to the product as the pool's forwarder does. */
export async function sendEvent(product: Pick<Product, 'url'>, event: object, signing?: Signing): Promise<Answer> {
  const body = JSON.stringify(event);
  return sendSigned(product, body, signBody(body, signing));
}

export async function sendSigned(
  { url }: Pick<Product, 'url'>,
  body: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(`${url}/triggers/cognito`, { method: 'POST', headers, body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

type Attributes = Readonly<Record<string, string>>;

/** A trigger event in Cognito's form for a user of the product's pool. */
export function toEvent(
  { pool }: Pick<Product, 'pool'>,
  triggerSource: string,
  userAttributes: Attributes,
  rest: object = {},
) {
  return {
    version: '1',
    triggerSource,
    region: pool.region,
    userPoolId: pool.poolId,
    userName: userAttributes['sub'] ?? randomUUID(),
    callerContext: { awsSdkVersion: 'aws-sdk-js-3', clientId: pool.clientId },
    request: { userAttributes },
    response: {},
    ...rest,
  };
}
