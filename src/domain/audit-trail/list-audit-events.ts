import { notFound } from '../../errors.ts';
import type { Scope } from '../../store/scope.ts';
import type { Statement } from '../../store/scoped-query.ts';
import { authorize, isAllowed } from '../authorize.ts';
import { type DomainContext, platformScope, tenantScope } from '../context.ts';
import { countRows } from '../count-rows.ts';
import { type Page, type PageArgs, toPage } from '../paging.ts';
import { isRowId } from '../parse.ts';
import { AUDIT_EVENT_COLUMNS, type AuditEvent } from './audit-event.ts';
import { LAST_ID } from './seal.ts';

export type ListAuditEventsArgs = PageArgs & {
  readonly tenantId?: string | null | undefined;
  readonly action?: string | null | undefined;
  readonly actorId?: string | null | undefined;
  readonly since?: Date | null | undefined;
  readonly until?: Date | null | undefined;
};

type Statements = { readonly list: Statement; readonly count: Statement };

const IN_TIME = 'e.at >= $2::timestamptz and e.at < $3::timestamptz';

// A filter that may be left out costs a plan its index, so each combination is a statement with an index of its own.
function toStatements(name: string, ...filters: readonly string[]): Statements {
  const events = ['from audit_events e where e.tenant_id = $1', IN_TIME, ...filters].join(' and ');
  const [at, id, limit] = [4, 5, 6].map((place) => `$${place + filters.length}`);
  return {
    list: {
      name: `list-${name}`,
      text: `select ${AUDIT_EVENT_COLUMNS} ${events} and (e.at, e.id) < (${at}::timestamptz, ${id}::uuid)
        order by e.at desc, e.id desc limit ${limit}`,
    },
    count: { name: `count-${name}`, text: `select count(*) as count ${events}` },
  };
}

const ALL = toStatements('audit-events');
const OF_ACTION = toStatements('audit-events-of-action', 'e.action = $4');
const OF_ACTOR = toStatements('audit-events-of-actor', 'e.actor_id = $4');
const OF_BOTH = toStatements('audit-events-of-actor-and-action', 'e.action = $4', 'e.actor_id = $5');

const IS_KNOWN = {
  name: 'is-tenant-of-audit-trail',
  text: `select from tenants t where t.id = $1 union all (select from audit_events e where e.tenant_id = $1 limit 1)`,
};

/**
 * The audit trail of the caller's tenant, newest first; for platform staff of any, also of one that is gone. Throws
 * NOT_FOUND for a tenant that never was, or is not the caller's.
 */
export async function listAuditEvents(ctx: DomainContext, args: ListAuditEventsArgs): Promise<Page<AuditEvent>> {
  authorize(ctx, 'listAuditEvents');
  const { scope, tenantId } = await chooseTenant(ctx, args.tenantId);
  const { list, count } = chooseStatements(args);
  const { action, actorId } = args;
  const [since, until] = [args.since?.toISOString() ?? '-infinity', args.until?.toISOString() ?? 'infinity'];
  const filters = [tenantId, since, until, ...(action == null ? [] : [action]), ...(actorId == null ? [] : [actorId])];
  return toPage<AuditEvent, [at: string, id: string]>({
    args,
    cursors: ctx.cursors,
    list: `audit-events:${JSON.stringify([tenantId, since, until, action ?? null, actorId ?? null])}`,
    keyOf: (event) => [event.at.toISOString(), event.id],
    fetch: ([at, id] = ['infinity', LAST_ID], limit) =>
      ctx.database.query<AuditEvent>(scope, list, [...filters, at, id, limit]),
    count: () => countRows(ctx.database, scope, count, filters),
  });
}

async function chooseTenant(
  ctx: DomainContext,
  named: string | null | undefined,
): Promise<{ readonly scope: Scope; readonly tenantId: string }> {
  if (named == null || !isAllowed(ctx.principal, 'readAnyTenant')) {
    const scope = tenantScope(ctx);
    if (named != null && named !== scope.tenantId)
      throw notFound(`audit events: named a tenant that is not the token's`);
    return { scope, tenantId: scope.tenantId };
  }
  const scope = platformScope(ctx);
  const isKnown = isRowId(named) && (await ctx.database.query(scope, IS_KNOWN, [named])).length > 0;
  if (!isKnown) throw notFound(`audit events: no tenant ${named}`);
  return { scope, tenantId: named };
}

function chooseStatements({ action, actorId }: ListAuditEventsArgs): Statements {
  if (action == null) return actorId == null ? ALL : OF_ACTOR;
  return actorId == null ? OF_ACTION : OF_BOTH;
}
