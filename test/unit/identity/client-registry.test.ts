import { describe, expect, it } from 'vitest';
import { createClientRegistry } from '../../../src/identity/client-registry.ts';

const configured = { clientId: 'web', tenantId: null };
const bound = { clientId: 'robot', tenantId: '22222222-2222-4222-8222-222222222222' };

describe('the client registry', () => {
  it('knows a configured client before the store was ever read, and nobody else', () => {
    const clients = createClientRegistry(['web']);
    expect([clients.find('web'), clients.find('robot')]).toEqual([configured, undefined]);
  });

  it('knows what the store has registered, bound as it says', () => {
    const clients = createClientRegistry(['web']);
    clients.replace([bound]);
    expect([clients.find('robot'), clients.find('web')]).toEqual([bound, configured]);
  });

  it('forgets a client that is registered no longer', () => {
    const clients = createClientRegistry([]);
    clients.replace([bound]);
    clients.replace([]);
    expect(clients.find('robot')).toBeUndefined();
  });

  it('lets no row of the store bind a configured client', () => {
    const clients = createClientRegistry(['web']);
    clients.replace([{ ...bound, clientId: 'web' }]);
    expect(clients.find('web')).toEqual(configured);
  });
});
