import { notFound } from '../../errors.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { INVITATION_COLUMNS, type Invitation } from './invitation.ts';

const BY_ID = {
  name: 'get-invitation',
  text: `select ${INVITATION_COLUMNS} from invitations i where i.tenant_id = $1 and i.id = $2`,
};

/** One invitation of the caller's tenant. Throws NOT_FOUND. */
export async function getInvitation(ctx: DomainContext, id: string): Promise<Invitation> {
  authorize(ctx, 'listInvitations');
  const scope = tenantScope(ctx);
  const [invitation] = await ctx.database.query<Invitation>(scope, BY_ID, [scope.tenantId, id]);
  if (invitation === undefined) throw notFound(`invitation ${id}: none in tenant ${scope.tenantId}`);
  return invitation;
}
