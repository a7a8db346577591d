import { Webhook } from 'standardwebhooks';

/** When the call was signed, to the second; null for one that is not signed well, whatever is wrong with it. */
export type SignatureCheck = (body: Buffer, headers: NodeJS.Dict<string[]>) => Date | null;

type SignedHeaders = Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>>;

// The library reads a number and leaves what follows it; the signature is over what it read.
const SECONDS = /^\d{1,12}$/;

/**
 * Standard Webhooks: an HMAC-SHA256 over id, time and the bytes of the body, no more than five minutes old or ahead. One
 * good signature by any of the secrets is enough, so that secrets can be rotated by either side. Nothing is parsed.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function createSignatureCheck(secrets: readonly string[]): SignatureCheck {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return (body, headers) => {
    const signed = readHeaders(headers);
    if (signed === null || !webhooks.some((webhook) => holds(webhook, body, signed))) return null;
    return new Date(Number(signed['webhook-timestamp']) * 1000);
  };
}

function readHeaders(headers: NodeJS.Dict<string[]>): SignedHeaders | null {
  const id = onlyOne(headers['webhook-id']);
  const timestamp = onlyOne(headers['webhook-timestamp']);
  const signature = onlyOne(headers['webhook-signature']);
  if (id === null || signature === null || timestamp === null || !SECONDS.test(timestamp)) return null;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

function onlyOne(values: readonly string[] = []): string | null {
  return values.length === 1 ? (values[0] ?? null) : null;
}

function holds(webhook: Webhook, body: Buffer, headers: SignedHeaders): boolean {
  try {
    webhook.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
