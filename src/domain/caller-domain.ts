import { isPlatformStaff } from '../access/decide.ts';
import { notFound } from '../errors.ts';
import type { Principal } from '../identity/principal.ts';
import type { Database } from '../store/database.ts';
import type { Scope } from '../store/scope.ts';
import type { DomainContext } from './context.ts';

/**
 * What loaders and modules work with: of the database reads alone, and each under a scope of the caller's own. A tenant
 * taken from an argument, or a reach that the caller does not have, is refused before a statement is sent.
 */
export type CallerDomain = Pick<DomainContext, 'principal' | 'cursors' | 'requestId' | 'ip' | 'log'> & {
  readonly database: Pick<Database, 'query'>;
};

const known = new WeakMap<DomainContext, CallerDomain>();

/** The same object for the same context. */
export function toCallerDomain(ctx: DomainContext): CallerDomain {
  const domain = known.get(ctx) ?? bind(ctx);
  known.set(ctx, domain);
  return domain;
}

function bind({ database, principal, cursors, requestId, ip, log }: DomainContext): CallerDomain {
  const query: Database['query'] = async (scope, statement, values) => {
    if (isOwn(scope, principal)) return database.query(scope, statement, values);
    throw notFound(
      `${statement.name} was to be read under ${scope.reach} of ${scope.tenantId ?? scope.userId ?? 'all'}`,
    );
  };
  return { principal, cursors, requestId, ip, log, database: { query } };
}

function isOwn({ reach, tenantId, userId }: Scope, principal: Principal): boolean {
  switch (reach) {
    case 'TENANT':
      return tenantId === principal.tenantId;
    case 'SELF':
      return principal.kind === 'USER' && userId === principal.subject;
    case 'PLATFORM':
      return isPlatformStaff(principal);
    default:
      return false;
  }
}
