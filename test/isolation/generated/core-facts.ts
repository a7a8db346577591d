import { randomUUID } from 'node:crypto';
import type { Facts } from './facts.ts';
import { toRow } from './home.ts';
import { addInvitation } from './invitations.ts';
import { addMachineClient, dropAddedSecrets } from './machine-clients.ts';
import {
  hasTenant,
  isAnybody,
  isMemberOrHas,
  isRanked,
  isRankedOrStaff,
  isStaff,
  isStillMember,
  isUser,
  isVerified,
} from './who.ts';

const isOwner = isRanked('OWNER');

/** Tenantry's own nouns. */
export const CORE: Facts = {
  entries: {
    'Query.health': { may: isAnybody, reach: 'NONE' },
    'Query.viewer': { may: isVerified, reach: 'SELF' },
    'Query.tenant': { may: isVerified, reach: 'PLATFORM', isAboutTenant: true },
    'Query.tenants': { may: isStaff, reach: 'PLATFORM' },
    'Query.users': { may: isStaff, reach: 'PLATFORM' },
    'Query.members': { may: isMemberOrHas('tenantry/members.read'), reach: 'TENANT' },
    'Query.member': { may: isMemberOrHas('tenantry/members.read'), reach: 'TENANT' },
    'Query.auditEvents': {
      may: (caller) => isRanked('ADMIN')(caller) || isStaff(caller),
      reach: 'PLATFORM',
      isAboutTenant: true,
    },
    'Query.machineClients': { may: isRanked('OWNER'), reach: 'TENANT' },
    'Mutation.createMachineClient': { may: isRanked('OWNER'), reach: 'TENANT' },
    'Mutation.rotateMachineClientSecret': { may: isRanked('OWNER'), reach: 'TENANT' },
    'Mutation.retireMachineClientSecret': { may: isRanked('OWNER'), reach: 'TENANT' },
    'Mutation.deleteMachineClient': { may: isRanked('OWNER'), reach: 'TENANT' },
    'Query.invitations': { may: isRanked('ADMIN'), reach: 'TENANT' },
    'Mutation.inviteMember': { may: isRanked('ADMIN'), reach: 'TENANT' },
    'Mutation.resendInvitation': { may: isRanked('ADMIN'), reach: 'TENANT' },
    'Mutation.revokeInvitation': { may: isRanked('ADMIN'), reach: 'TENANT' },
    'Mutation.acceptInvitation': { may: isUser, reach: 'SELF', always: 'NOT_FOUND' },
    'Mutation.declineInvitation': { may: isUser, reach: 'SELF', always: 'NOT_FOUND' },
    'Mutation.createTenant': {
      may: isUser,
      reach: 'PLATFORM',
      ids: { 'input.ownerUserId': { may: isStaff, unknown: 'BAD_USER_INPUT' } },
    },
    'Mutation.updateTenant': { may: isRankedOrStaff('ADMIN'), reach: 'PLATFORM', isAboutTenant: true },
    'Mutation.setTenantPolicy': { may: isRankedOrStaff('OWNER'), reach: 'PLATFORM', isAboutTenant: true },
    'Mutation.deleteTenant': { may: isRankedOrStaff('OWNER'), reach: 'PLATFORM', isAboutTenant: true },
    'Mutation.suspendTenant': { may: isStaff, reach: 'PLATFORM', isAboutTenant: true },
    'Mutation.resumeTenant': { may: isStaff, reach: 'PLATFORM', isAboutTenant: true },
    'Mutation.bindAppClient': { may: isStaff, reach: 'PLATFORM', isAboutTenant: true },
    'Mutation.unbindAppClient': { may: isStaff, reach: 'PLATFORM', isAboutTenant: true },
    'Mutation.updateProfile': { may: isUser, reach: 'SELF' },
    'Mutation.disableUser': { may: isStaff, reach: 'PLATFORM' },
    'Mutation.enableUser': { may: isStaff, reach: 'PLATFORM' },
    'Mutation.exportMyData': { may: isUser, reach: 'SELF' },
    // Everybody would type an address of his own.
    'Mutation.deleteMyAccount': { may: isUser, reach: 'SELF', always: 'BAD_USER_INPUT' },
    'Mutation.addTenantDomain': { may: isOwner, reach: 'TENANT' },
    'Mutation.verifyTenantDomain': { may: isOwner, reach: 'TENANT' },
    'Mutation.removeTenantDomain': { may: isOwner, reach: 'TENANT' },
    // Nobody here has confirmed an address by a code.
    'Mutation.joinByDomain': { may: isUser, reach: 'SELF', always: 'FORBIDDEN' },
    'Mutation.signOut': { may: isUser, reach: 'SELF', ids: { 'input.sessionId': { isWithin: () => false } } },
    'Mutation.signOutEverywhere': { may: isUser, reach: 'SELF' },
    // Everybody would send an ID token of his own.
    'Mutation.awsCredentials': { may: isUser, reach: 'TENANT', always: 'BAD_USER_INPUT' },
    'Mutation.changeMemberRole': { may: isRanked('ADMIN'), reach: 'TENANT' },
    'Mutation.removeMember': { may: isRanked('ADMIN'), reach: 'TENANT' },
    'Mutation.leaveTenant': { may: (caller) => isRanked('MEMBER')(caller) && isStillMember(caller), reach: 'TENANT' },
    'Mutation.switchTenant': {
      may: isUser,
      reach: 'SELF',
      ids: { 'input.tenantId': { isWithin: ({ memberOf }, home) => memberOf.includes(home) } },
    },
  },
  samples: {
    'Query.tenant': { ids: { id: 'Tenant' } },
    'Query.member': { ids: { id: 'Membership' } },
    'Query.auditEvents': { ids: { tenantId: 'Tenant' } },
    'Mutation.createMachineClient': { values: { input: { name: 'New', scopes: ['tenantry/members.read'] } } },
    'Mutation.rotateMachineClientSecret': { ids: { 'input.id': 'MachineClient' } },
    'Mutation.retireMachineClientSecret': { ids: { 'input.id': 'MachineClient' } },
    'Mutation.deleteMachineClient': { ids: { 'input.id': 'MachineClient' } },
    'Mutation.createTenant': {
      ids: { 'input.ownerUserId': 'User' },
      values: { input: { name: 'New', slug: 'new-one' } },
    },
    'Mutation.updateTenant': { ids: { 'input.tenantId': 'Tenant' }, values: { input: { name: 'Renamed' } } },
    'Mutation.setTenantPolicy': { ids: { 'input.tenantId': 'Tenant' }, values: { input: { memberLimit: 9 } } },
    'Mutation.deleteTenant': {
      ids: { 'input.tenantId': 'Tenant' },
      values: (home) => ({ input: { confirmSlug: `${home}-house` } }),
    },
    'Mutation.suspendTenant': { ids: { 'input.tenantId': 'Tenant' } },
    'Mutation.resumeTenant': { ids: { 'input.tenantId': 'Tenant' } },
    'Mutation.bindAppClient': {
      ids: { 'input.tenantId': 'Tenant' },
      values: { input: { clientId: 'new1client', name: 'New' } },
    },
    'Mutation.unbindAppClient': {
      ids: { 'input.tenantId': 'Tenant' },
      values: (home) => ({ input: { clientId: `${home}1client` } }),
    },
    'Mutation.switchTenant': { ids: { 'input.tenantId': 'Tenant' } },
    'Mutation.updateProfile': { values: { input: { displayName: 'Renamed' } } },
    'Mutation.disableUser': { ids: { 'input.userId': 'User' } },
    'Mutation.enableUser': { ids: { 'input.userId': 'User' } },
    'Mutation.deleteMyAccount': { values: { input: { confirmEmail: 'nobody@north.test' } } },
    'Mutation.signOut': { ids: { 'input.sessionId': 'Session' } },
    'Mutation.addTenantDomain': { values: { input: { domain: 'new.example' } } },
    'Mutation.verifyTenantDomain': { ids: { 'input.id': 'TenantDomain' } },
    'Mutation.removeTenantDomain': { ids: { 'input.id': 'TenantDomain' } },
    'Mutation.changeMemberRole': { ids: { 'input.membershipId': 'Membership' }, values: { input: { role: 'ADMIN' } } },
    'Mutation.removeMember': { ids: { 'input.membershipId': 'Membership' } },
    'Mutation.inviteMember': { values: { input: { email: 'new@guest.test', role: 'MEMBER' } } },
    'Mutation.resendInvitation': { ids: { 'input.id': 'Invitation' } },
    'Mutation.revokeInvitation': { ids: { 'input.id': 'Invitation' } },
    'Mutation.acceptInvitation': { values: { input: { secret: `inv_${'A'.repeat(64)}` } } },
    'Mutation.declineInvitation': { values: { input: { secret: `inv_${'A'.repeat(64)}` } } },
  },
  rowsFor: {
    // Nobody has given it one yet.
    'Mutation.createTenant.tenant.domains': () => false,
    'Viewer.profile': isUser,
    'Viewer.tenant': hasTenant,
    'Viewer.membership': isStillMember,
    'Viewer.memberships': ({ memberOf }) => memberOf.length > 0,
    'Viewer.sessions': isUser,
  },
  // People and the tenants themselves are there before.
  addRows: async ({ product, home, tenantId, membershipId }) => {
    const [event, target] = [randomUUID(), `target-of-${home}`];
    const [domainId, domain] = [randomUUID(), `${home}.example`];
    // Verified, so that nobody has to ask DNS.
    await product.sql(
      'insert into tenant_domains (tenant_id, id, domain, challenge, verified_at) values ($1, $2, $3, $3, now())',
      [tenantId, domainId, domain],
    );
    await product.sql(
      `insert into audit_events (id, tenant_id, action, target_type, target_id) values ($1, $2, 'test', 'Test', $3)`,
      [event, tenantId, target],
    );
    await product.sql('insert into app_clients (client_id, tenant_id, name) values ($1, $2, $1)', [
      `${home}1client`,
      tenantId,
    ]);
    // Of somebody who never calls: whoever names it names another's.
    const sessionId = `session-of-${home}`;
    await product.sql(
      `insert into sessions (user_id, id, client_id, authenticated_at)
       select user_id, $2, 'web', now() from memberships where id = $1`,
      [membershipId, sessionId],
    );
    return [
      toRow('Session', home, sessionId),
      await addMachineClient(product, home, tenantId),
      await addInvitation(product, home, tenantId, membershipId),
      toRow('AuditEvent', home, event, target),
      toRow('TenantDomain', home, domainId, domain),
    ];
  },
  putBack: dropAddedSecrets,
};
