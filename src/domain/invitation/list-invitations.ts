import type { Statement } from '../../store/scoped-query.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { countRows } from '../count-rows.ts';
import { type Page, type PageArgs, toPage } from '../paging.ts';
import { INVITATION_COLUMNS, type Invitation, type InvitationStatus } from './invitation.ts';

export type ListInvitationsArgs = PageArgs & { readonly status?: InvitationStatus | null | undefined };

// The status stands in the text and not among the values: that is what a partial index is chosen by.
const CONDITIONS = {
  ANY: '',
  PENDING: ` and i.status = 'PENDING' and i.expires_at > now()`,
  ACCEPTED: ` and i.status = 'ACCEPTED'`,
  DECLINED: ` and i.status = 'DECLINED'`,
  REVOKED: ` and i.status = 'REVOKED'`,
  EXPIRED: ` and i.status = 'PENDING' and i.expires_at <= now()`,
} as const;

type StatusFilter = keyof typeof CONDITIONS;

const toStatement = (name: string, status: StatusFilter, toText: (invitations: string) => string): Statement => ({
  name: `${name}-${status.toLowerCase()}`,
  text: toText(`from invitations i where i.tenant_id = $1${CONDITIONS[status]}`),
});

const perStatus = (
  name: string,
  toText: (invitations: string) => string,
): Readonly<Record<StatusFilter, Statement>> => ({
  ANY: toStatement(name, 'ANY', toText),
  PENDING: toStatement(name, 'PENDING', toText),
  ACCEPTED: toStatement(name, 'ACCEPTED', toText),
  DECLINED: toStatement(name, 'DECLINED', toText),
  REVOKED: toStatement(name, 'REVOKED', toText),
  EXPIRED: toStatement(name, 'EXPIRED', toText),
});

const NEWEST_FIRST = perStatus(
  'list-invitations',
  (invitations) => `select ${INVITATION_COLUMNS} ${invitations} and i.id < $2::uuid order by i.id desc limit $3`,
);
const COUNT = perStatus('count-invitations', (invitations) => `select count(*) as count ${invitations}`);

const PAST_LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The invitations of the caller's tenant, newest first. */
export function listInvitations(ctx: DomainContext, args: ListInvitationsArgs): Promise<Page<Invitation>> {
  authorize(ctx, 'listInvitations');
  const { database, cursors } = ctx;
  const scope = tenantScope(ctx);
  const status = args.status ?? 'ANY';
  return toPage<Invitation, [id: string]>({
    args,
    cursors,
    list: `invitations:${scope.tenantId}:status=${status}`,
    keyOf: (invitation) => [invitation.id],
    fetch: ([id] = [PAST_LAST_ID], limit) =>
      database.query<Invitation>(scope, NEWEST_FIRST[status], [scope.tenantId, id, limit]),
    count: () => countRows(database, scope, COUNT[status], [scope.tenantId]),
  });
}
