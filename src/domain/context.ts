import { tenantRequired } from '../errors.ts';
import type { IdTokenVerifier } from '../identity/id-token.ts';
import type { Principal } from '../identity/principal.ts';
import type { IdentityPool } from '../identity-pool/identity-pool.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import type { Scope } from '../store/scope.ts';
import type { UserPool } from '../user-pool/user-pool.ts';
import type { Outbox } from './outbox.ts';
import type { CursorCodec } from './paging.ts';
import type { Quotas } from './quotas.ts';
import type { SessionBook } from './session-book.ts';
import type { TxtResolver } from './txt-resolver.ts';

/** The registry of app clients, as far as verbs need it. */
export type AppClients = {
  /** Every scope that a rule of the schema may name, and a machine be given. */
  readonly scopes: readonly string[];
  /** Those of the configuration, which serve every tenant. */
  readonly configured: readonly string[];
};

/** How mail leaves, and where the links in it lead. */
export type MailService = {
  readonly mailer: Mailer;
  /** The page that takes an invitation's secret from the fragment of its address, and calls acceptInvitation. */
  readonly invitationUrl: string;
};

/** What a verb works with: who asks, and the means to answer. One per request. */
export type DomainContext = {
  readonly principal: Principal;
  /** The ID token of the browser's session the caller came by; null for whoever brought his own token. */
  readonly sessionIdToken: string | null;
  readonly database: Database;
  readonly userPool: UserPool;
  readonly idTokens: IdTokenVerifier;
  /** Null where this server has none, and lends nobody AWS credentials. */
  readonly identityPool: IdentityPool | null;
  readonly outbox: Outbox;
  readonly appClients: AppClients;
  /** Milliseconds after which a sign-in is over, whatever happens. */
  readonly sessionMaxMs: number;
  readonly sessions: SessionBook;
  readonly cursors: CursorCodec;
  /** How DNS is asked whether a domain is a tenant's. */
  readonly resolveTxt: TxtResolver;
  readonly quotas: Quotas;
  readonly mail: MailService | null;
  readonly requestId: string;
  /** The address the request came from; null where that is none. */
  readonly ip: string | null;
  readonly log: Logger;
};

type TenantScope = Extract<Scope, { reach: 'TENANT' }>;
type SelfScope = Extract<Scope, { reach: 'SELF' }>;

/** The rows of the caller's tenant. Throws TENANT_REQUIRED when the token names none. */
export function tenantScope({ principal }: Pick<DomainContext, 'principal'>): TenantScope {
  if (principal.tenantId === null) throw tenantRequired('token names no tenant');
  return scopeOfTenant({ principal }, principal.tenantId);
}

/** The rows of one tenant, for a verb that has established that the caller may act there. */
export function scopeOfTenant({ principal }: Pick<DomainContext, 'principal'>, tenantId: string): TenantScope {
  return { reach: 'TENANT', tenantId, userId: principal.kind === 'USER' ? principal.subject : null };
}

/** The rows of the caller's own memberships; null for a machine, which has none. */
export function selfScope({ principal }: Pick<DomainContext, 'principal'>): SelfScope | null {
  return principal.kind === 'USER' ? { reach: 'SELF', tenantId: null, userId: principal.subject } : null;
}

export function platformScope({ principal }: Pick<DomainContext, 'principal'>): Scope {
  return { reach: 'PLATFORM', tenantId: null, userId: principal.kind === 'USER' ? principal.subject : null };
}
