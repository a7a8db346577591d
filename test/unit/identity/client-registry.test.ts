import { describe, expect, it } from 'vitest';
import { createClientRegistry } from '../../../src/identity/client-registry.ts';
import { createCutoffs } from '../../../src/identity/cutoffs.ts';

const GLOBEX = '22222222-2222-4222-8222-222222222222';
const configured = { clientId: 'web', tenantId: null };
const row = { id: 1, kind: 'CLIENT', tenant: GLOBEX, user: null, name: 'robot', value: { isEnded: false } } as const;

describe('the client registry', () => {
  it('knows a configured client before anything was heard of the store, and nobody else', () => {
    const clients = createClientRegistry(['web'], createCutoffs());
    expect([clients.find('web'), clients.find('robot')]).toEqual([configured, undefined]);
  });

  it('knows what the store has registered, bound as it says, until it has ended', () => {
    const cutoffs = createCutoffs();
    const clients = createClientRegistry(['web'], cutoffs);
    cutoffs.add(row);
    expect([clients.find('robot'), clients.find('web')]).toEqual([{ clientId: 'robot', tenantId: GLOBEX }, configured]);
    cutoffs.add({ ...row, id: 2, value: { isEnded: true } });
    expect(clients.find('robot')).toBeUndefined();
  });

  it('lets no row of the store bind or end a configured client', () => {
    const cutoffs = createCutoffs();
    const clients = createClientRegistry(['web'], cutoffs);
    cutoffs.add({ ...row, name: 'web' });
    expect(clients.find('web')).toEqual(configured);
    cutoffs.add({ ...row, id: 2, name: 'web', value: { isEnded: true } });
    expect(clients.find('web')).toEqual(configured);
  });
});
