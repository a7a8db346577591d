import { describe, expect, it } from 'vitest';
import type { DomainContext } from '../../src/domain/context.ts';
import type { Quota } from '../../src/domain/quotas.ts';
import { awsCredentials } from '../../src/domain/session/index.ts';
import { unavailable } from '../../src/errors.ts';
import { toPrincipal } from '../../src/identity/claims.ts';
import type { IdentityPool } from '../../src/identity-pool/identity-pool.ts';
import { createForge } from './identity/forge.ts';

const forge = createForge();
const LENT = { identityId: 'who', accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'session' };
const OPEN: Quota = { take: async () => null, giveBack: async () => undefined };

/** A caller whose browser's session keeps this ID token, before a pool that only takes down what it is asked by. */
function createContext(sessionIdToken: string | null) {
  const seen: string[] = [];
  const parts: Partial<DomainContext> = {
    principal: toPrincipal(forge.userClaims(), 'tenant_id', Date.now()),
    sessionIdToken,
    idTokens: { verify: async (token) => void seen.push(`verified ${token}`) },
    quotas: { secretTries: OPEN, mails: OPEN, loans: OPEN },
    identityPool: {
      lend: async (token) => {
        seen.push(`lent by ${token}`);
        throw unavailable('nothing to lend');
      },
      close: () => undefined,
    },
  };
  return { ctx: parts as DomainContext, seen };
}

describe('awsCredentials', () => {
  it('goes by the ID token of the session of a browser where none is named, and verifies it like any', async () => {
    const { ctx, seen } = createContext('kept');
    await expect(awsCredentials(ctx, {})).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(seen).toEqual(['verified kept', 'lent by kept']);
  });

  it('goes by the one that is named before that', async () => {
    const { ctx, seen } = createContext('kept');
    await expect(awsCredentials(ctx, { idToken: 'named' })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(seen).toEqual(['verified named', 'lent by named']);
  });

  it('is nothing for a machine, whatever the schema lets through', async () => {
    const { ctx, seen } = createContext('kept');
    const principal = toPrincipal(forge.machineClaims(), 'tenant_id', Date.now());
    await expect(awsCredentials({ ...ctx, principal }, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(seen).toEqual([]);
  });

  it('hands out nothing where it cannot be written down that it does', async () => {
    const { ctx, seen } = createContext('kept');
    const lent = { ...LENT, expiresAt: new Date() };
    const identityPool: IdentityPool = { lend: async () => lent, close: () => undefined };
    const transaction = async () => {
      seen.push('to be written down');
      throw unavailable('database: gone');
    };
    const broken: Partial<DomainContext> = { database: { ...ctx.database, transaction }, identityPool };
    await expect(awsCredentials({ ...ctx, ...broken }, {})).rejects.toMatchObject({ reason: 'database: gone' });
    expect(seen).toEqual(['verified kept', 'to be written down']);
  });

  it('asks for one where there is neither', async () => {
    const { ctx, seen } = createContext(null);
    await expect(awsCredentials(ctx, { idToken: null })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(seen).toEqual([]);
  });
});
