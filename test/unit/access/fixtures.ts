import { readFileSync } from 'node:fs';
import { buildASTSchema, parse } from 'graphql';
import { type AccessPlan, compilePlan } from '../../../src/access/plan.ts';
import { REGISTRY, type Registry } from '../../../src/access/registry.ts';
import type { Principal } from '../../../src/identity/principal.ts';

export const DIRECTIVES = readFileSync('schema/directives.graphql', 'utf8');
export const NOW = new Date('2026-11-23T12:00:00Z');
export const ACME = '0a000000-0000-4000-8000-000000000001';
export const GLOBEX = '0b000000-0000-4000-8000-000000000002';

export function aUser(overrides: Partial<Principal> = {}): Principal {
  return {
    kind: 'USER',
    subject: 'mia',
    clientId: 'web',
    username: 'mia',
    groups: ['Users', 'TenantMembers'],
    scopes: [],
    tenantId: ACME,
    tenantRole: 'MEMBER',
    membershipVersion: 1,
    sessionId: 'session-1',
    authenticatedAt: new Date(NOW.getTime() - 60_000),
    expiresAt: new Date(NOW.getTime() + 3_600_000),
    mfa: false,
    claims: {},
    ...overrides,
  };
}

export function anAdmin(overrides: Partial<Principal> = {}): Principal {
  return aUser({ subject: 'root', groups: ['Admins', 'Users'], tenantId: null, tenantRole: null, ...overrides });
}

export function aMachine(overrides: Partial<Principal> = {}): Principal {
  return aUser({
    kind: 'MACHINE',
    subject: 'robot',
    clientId: 'robot',
    username: null,
    groups: [],
    scopes: ['tenantry/members.read'],
    sessionId: null,
    authenticatedAt: null,
    ...overrides,
  });
}

export function compile(sdl: string, registry: Registry = REGISTRY, directives = DIRECTIVES): AccessPlan {
  return compilePlan(buildASTSchema(parse(`${directives}\n${sdl}`)), registry);
}
