import { z } from 'zod';
import type { AppClient } from './client-registry.ts';
import type { Principal } from './principal.ts';

export const CUTOFF_KINDS = ['SESSION', 'USER', 'ACCOUNT', 'MEMBERSHIP', 'TENANT', 'CLIENT'] as const;

/** One row of the table `cutoffs`: the latest word on a session, a user, a membership, a tenant or an app client. */
export type Cutoff = {
  /** A later row about the same has a larger one. */
  readonly id: number;
  readonly kind: (typeof CUTOFF_KINDS)[number];
  readonly tenant: string | null;
  readonly user: string | null;
  /** The session's `origin_jti`, or the client's id. */
  readonly name: string | null;
  readonly value: unknown;
};

/** What holds for every token that names the tenant. */
export type TenantRules = {
  /** Suspended, or on its way out. */
  readonly isShut: boolean;
  readonly mfaRequired: boolean;
  /** Seconds since `auth_time`; null for no limit. */
  readonly maxSessionAgeSeconds: number | null;
};

/**
 * What has changed since tokens were issued, held in memory and asked without a query. Each kind keeps the largest value for
 * its key, so that rows may come in any order, and any number of times.
 */
export type Cutoffs = {
  add(cutoff: Cutoff): void;
  /** Takes these in place of all there are. */
  refill(cutoffs: Iterable<Cutoff>): void;
  /** Why the token is no credential any more, for the log; null while it is one. */
  findEnd(principal: Principal): string | null;
  /** True where the role or membership the token speaks of has changed since: a refresh tells the new one. */
  isStale(principal: Principal): boolean;
  /** Null where the tenant is open and asks for nothing. */
  rulesOf(tenantId: string | null): TenantRules | null;
  findClient(clientId: string): AppClient | undefined;
  /** How many are held. */
  size(): number;
};

const Seconds = z.number();
const IsShut = z.boolean();
const Rules = z.object({ isShut: IsShut, mfaRequired: z.boolean(), maxSessionAgeSeconds: Seconds.nullable() });
const ClientState = z.object({ isEnded: z.boolean() });

type Numbered<Value> = { readonly id: number; readonly value: Value };

type Sets = {
  readonly sessions: Set<string>;
  /** Seconds since 1970 up to which a user's sign-ins have ended. */
  readonly users: Map<string, number>;
  /** Twice the row's number, and one more while the account is shut: the larger is the later. */
  readonly accounts: Map<string, number>;
  readonly memberships: Map<string, number>;
  readonly tenants: Map<string, Numbered<TenantRules | null>>;
  readonly clients: Map<string, Numbered<AppClient | undefined>>;
};

/** An empty one. */
export function createCutoffs(): Cutoffs {
  let sets = createSets();
  return {
    add: (cutoff) => addTo(sets, cutoff),
    refill: (cutoffs) => {
      const filled = createSets();
      for (const cutoff of cutoffs) addTo(filled, cutoff);
      sets = filled;
    },
    findEnd: (principal) => findEnd(sets, principal),
    isStale: ({ kind, tenantId, subject, membershipVersion }) => {
      if (kind === 'MACHINE' || tenantId === null || sets.memberships.size === 0) return false;
      const current = sets.memberships.get(toMembershipKey(tenantId, subject));
      return current !== undefined && (membershipVersion ?? -1) < current;
    },
    rulesOf: (tenantId) => (tenantId === null ? null : (sets.tenants.get(tenantId)?.value ?? null)),
    findClient: (clientId) => sets.clients.get(clientId)?.value,
    size: () => Object.values(sets).reduce((sum, { size }) => sum + size, 0),
  };
}

function createSets(): Sets {
  return {
    sessions: new Set(),
    users: new Map(),
    accounts: new Map(),
    memberships: new Map(),
    tenants: new Map(),
    clients: new Map(),
  };
}

function addTo(sets: Sets, { id, kind, tenant, user, name, value }: Cutoff): void {
  switch (kind) {
    case 'SESSION':
      sets.sessions.add(name ?? '');
      break;
    case 'USER':
      raise(sets.users, user ?? '', Seconds.parse(value));
      break;
    case 'ACCOUNT':
      raise(sets.accounts, user ?? '', 2 * id + Number(IsShut.parse(value)));
      break;
    case 'MEMBERSHIP':
      raise(sets.memberships, toMembershipKey(tenant ?? '', user ?? ''), Seconds.parse(value));
      break;
    case 'TENANT':
      replace(sets.tenants, tenant ?? '', id, toRules(Rules.parse(value)));
      break;
    case 'CLIENT':
      replace(sets.clients, name ?? '', id, toClient(name ?? '', tenant, ClientState.parse(value)));
      break;
    default:
      // Of a later version of the schema: whoever cannot read it cannot tell which tokens are good.
      throw new Error(`a cutoff of a kind that is not known: ${kind satisfies never}`);
  }
}

function raise(map: Map<string, number>, key: string, value: number): void {
  if ((map.get(key) ?? Number.NEGATIVE_INFINITY) < value) map.set(key, value);
}

function replace<Value>(map: Map<string, Numbered<Value>>, key: string, id: number, value: Value): void {
  if ((map.get(key)?.id ?? -1) < id) map.set(key, { id, value });
}

function toRules(rules: TenantRules): TenantRules | null {
  return rules.isShut || rules.mfaRequired || rules.maxSessionAgeSeconds !== null ? Object.freeze(rules) : null;
}

function toClient(clientId: string, tenantId: string | null, { isEnded }: z.infer<typeof ClientState>) {
  return isEnded ? undefined : Object.freeze({ clientId, tenantId });
}

function toMembershipKey(tenantId: string, userId: string): string {
  return `${tenantId}/${userId}`;
}

function findEnd(sets: Sets, { kind, subject, sessionId, authenticatedAt }: Principal): string | null {
  // Clients are the registry's matter, and a machine is nothing else.
  if (kind === 'MACHINE') return null;
  if (sessionId === null || sets.sessions.has(sessionId)) return 'origin_jti: signed out';
  if ((sets.accounts.get(subject) ?? 0) % 2 === 1) return 'sub: disabled or deleted';
  const signedOutAt = sets.users.get(subject);
  if (signedOutAt === undefined) return null;
  // In whole seconds on both sides: a sign-in of the very second is ended too.
  const isEnded = authenticatedAt === null || authenticatedAt.getTime() / 1000 <= signedOutAt;
  return isEnded ? 'auth_time: signed out everywhere since' : null;
}
