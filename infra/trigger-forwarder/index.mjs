import { createHmac, randomUUID } from 'node:crypto';

// Under the five seconds after which Cognito gives up on a trigger, so that the sentence below is what the user reads.
const TIMEOUT_MS = 4_000;
const NOT_AVAILABLE = 'The sign-in service is not available. Try again.';

/**
 * A Cognito trigger: hands the event to Tenantry and gives its answer to Cognito. TRIGGER_URL is the API's
 * `/triggers/cognito`, TRIGGER_SECRET one of its TRIGGER_SECRETS. Throws the sentence the user is to read.
 */
export async function handler(event) {
  const { status, body } = await send(JSON.stringify(event), process.env).catch((error) => fail(error.message));
  if (status === 200) return body;
  if (status === 422 && typeof body?.message === 'string') throw refusal(body.message);
  return fail(`HTTP ${status}`);
}

async function send(body, { TRIGGER_URL, TRIGGER_SECRET }) {
  if (!TRIGGER_URL || !TRIGGER_SECRET) throw new Error('Set TRIGGER_URL and TRIGGER_SECRET on this function.');
  const answer = await fetch(TRIGGER_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...sign(TRIGGER_SECRET, body) },
    body,
    // A redirect would carry the user's attributes to an address nobody configured.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const isOurs = answer.status === 200 || answer.status === 422;
  return { status: answer.status, body: isOurs ? await answer.json() : null };
}

/** https://www.standardwebhooks.com: HMAC-SHA256 over id, time in seconds and body, keyed by what follows `whsec_`. */
function sign(secret, body) {
  const id = `msg_${randomUUID()}`;
  const timestamp = Math.floor(Date.now() / 1000);
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` };
}

// Never the event, which is personal data: only why it went nowhere.
function fail(reason) {
  console.error(`The trigger was not answered: ${reason}`);
  throw refusal(NOT_AVAILABLE);
}

// Cognito ends the message it shows with a full stop of its own.
function refusal(message) {
  return new Error(message.replace(/\.$/, ''));
}
