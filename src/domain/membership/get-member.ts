import { notFound } from '../../errors.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { isRowId } from '../parse.ts';
import { MEMBERSHIP_COLUMNS, type Membership } from './membership.ts';

const BY_ID = {
  name: 'get-member',
  text: `select ${MEMBERSHIP_COLUMNS} from memberships m where m.tenant_id = $1 and m.id = $2`,
};

/** One membership of the caller's tenant. Throws NOT_FOUND, also for another tenant's. */
export async function getMember(ctx: DomainContext, id: string): Promise<Membership> {
  authorize(ctx, 'listMembers');
  const scope = tenantScope(ctx);
  if (!isRowId(id)) throw notFound('member: not an id');
  const [membership] = await ctx.database.query<Membership>(scope, BY_ID, [scope.tenantId, id]);
  if (membership === undefined) throw notFound(`membership ${id}: none in tenant ${scope.tenantId}`);
  return membership;
}
