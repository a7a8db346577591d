import { type Scope, SYSTEM } from '../../store/scope.ts';
import type { Statement } from '../../store/scoped-query.ts';
import type { DomainContext } from '../context.ts';
import { toInvitedKey } from '../invitation/index.ts';
import type { User } from '../user/index.ts';

type Self = Extract<Scope, { reach: 'SELF' }>;
type Store = Pick<DomainContext, 'database'>;
type Row = { readonly id: string };
type Profile = Pick<User, 'email' | 'emailProof'>;

const PROFILE = {
  name: 'export-profile',
  text: `select u.id, u.pool_id as "poolId", u.username, u.email, u.email_proof as "emailProof",
    u.display_name as "displayName", u.default_tenant_id as "defaultTenantId", u.created_at as "createdAt",
    u.confirmed_at as "confirmedAt", u.disabled_at as "disabledAt"
    from users u where u.id = $1`,
};
const MEMBERSHIPS = {
  name: 'export-memberships',
  text: `select m.id, m.tenant_id as "tenantId", t.slug as "tenantSlug", t.name as "tenantName", m.role,
    m.joined_at as "joinedAt" from memberships m join tenants t on t.id = m.tenant_id
    where m.user_id = $1 and m.id > $2::uuid order by m.id limit $3`,
};
const EVENTS = {
  name: 'export-audit-events',
  text: `select e.id, e.tenant_id as "tenantId", e.at, e.action, e.target_type as "targetType", e.target_id as "targetId",
    e.outcome, e.count, e.request_id as "requestId", e.ip, e.changes from audit_events e
    where e.actor_id = $1 and e.id < $2::uuid order by e.id desc limit $3`,
};

const SESSIONS = {
  name: 'export-sessions',
  text: `select s.id, s.client_id as "clientId", s.agent, s.authenticated_at as "authenticatedAt",
    s.first_seen_at as "firstSeenAt", s.last_seen_at as "lastSeenAt", s.ended_at as "endedAt" from sessions s
    where s.user_id = $1 and s.id > $2 order by s.id limit $3`,
};
const INVITATIONS = {
  name: 'export-invitations',
  text: `select i.id, i.tenant_id as "tenantId", i.email, i.role, i.status, i.created_at as "createdAt",
    i.expires_at as "expiresAt" from invitations i where i.email_key = $1 order by i.id`,
};

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const PAGE_SIZE = 500;
const MAX_EVENTS = 10_000;

export async function readProfile({ database }: Store, scope: Self): Promise<Profile | null> {
  const [profile] = await database.query<Profile>(scope, PROFILE, [scope.userId]);
  return profile ?? null;
}

export async function readMemberships(ctx: Store, scope: Self): Promise<readonly object[]> {
  return (await readPages(ctx, scope, MEMBERSHIPS, FIRST_ID, Number.POSITIVE_INFINITY)).map(toPart);
}

export async function readSessions(ctx: Store, scope: Self): Promise<readonly object[]> {
  return (await readPages(ctx, scope, SESSIONS, '', Number.POSITIVE_INFINITY)).map(toPart);
}

/** The invitations of his proven address, in whichever tenant: a caller is no member there yet. */
export async function readInvitations({ database }: Store, profile: Profile): Promise<readonly object[]> {
  const emailKey = toInvitedKey(profile);
  return emailKey === null ? [] : (await database.query(SYSTEM, INVITATIONS, [emailKey])).map(toPart);
}

/** The newest of what the caller did, in whichever tenant. */
export async function readEvents(ctx: Store, scope: Self) {
  const events = await readPages(ctx, scope, EVENTS, LAST_ID, MAX_EVENTS + 1);
  return { events: events.slice(0, MAX_EVENTS).map(toPart), isComplete: events.length <= MAX_EVENTS };
}

/** A row as a part of a document, which is of no type that has a rule, so that rows are refused in it. */
export function toPart(row: object): object {
  return Object.fromEntries(Object.entries(row));
}

// Page by page: no single statement runs into its time limit.
async function readPages({ database }: Store, scope: Self, statement: Statement, from: string, limit: number) {
  const rows: Row[] = [];
  let page: readonly Row[];
  do {
    const after = rows.at(-1)?.id ?? from;
    page = await database.query<Row>(scope, statement, [scope.userId, after, Math.min(PAGE_SIZE, limit - rows.length)]);
    rows.push(...page);
  } while (page.length === PAGE_SIZE && rows.length < limit);
  return rows;
}
