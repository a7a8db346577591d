import { randomInt } from 'node:crypto';
import { CognitoError, invalidParameter, resourceNotFound } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Client, ClientSecret } from './state/state.ts';

const MAX_SECRETS = 2;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Adds a secret beside the one there is. Throws InvalidParameterException for a public client, LimitExceededException. */
export function addSecret(pool: Pool, client: Client, value: string): ClientSecret {
  if (client.secrets.length === 0) throw invalidParameter(`Client ${client.id} is not configured with a secret.`);
  if (client.secrets.length >= MAX_SECRETS) {
    throw new CognitoError('LimitExceededException', `Client ${client.id} already has ${MAX_SECRETS} secrets.`);
  }
  const secret = createSecret(pool, client, value);
  pool.state.clients.set(client.id, { ...client, secrets: [...client.secrets, secret] });
  return secret;
}

/** Throws ResourceNotFoundException, and InvalidParameterException for the last one. */
export function removeSecret(pool: Pool, client: Client, secretId: string): void {
  const secrets = client.secrets.filter(({ id }) => id !== secretId);
  if (secrets.length === client.secrets.length) throw resourceNotFound(`Client secret ${secretId} does not exist.`);
  if (secrets.length === 0) throw invalidParameter('The last secret of an app client cannot be deleted.');
  pool.state.clients.set(client.id, { ...client, secrets });
}

/** `<client-id>--<epoch-create-time>` is the id's form in AWS; two within a millisecond must differ. */
export function createSecret(pool: Pool, { id, secrets }: Pick<Client, 'id' | 'secrets'>, value: string): ClientSecret {
  const now = pool.clock();
  const isFree = (time: number) => secrets.every((secret) => secret.id !== `${id}--${time}`);
  const time = isFree(now.getTime()) ? now.getTime() : now.getTime() + 1;
  return { id: `${id}--${time}`, value, createdAt: now.toISOString() };
}

/** As long as those that Cognito makes. */
export function randomSecret(): string {
  return randomText(51);
}

export function randomClientId(): string {
  return randomText(26);
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
