import { randomUUID } from 'node:crypto';
import {
  AdminAddUserToGroupCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
  GroupExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { createDemoUser, signIn } from '../../local/seed/pool-users.ts';
import { addMember, addMembership, addTenant, addUser, type Member, signUpUser } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

let product: Product;
let member: Member;
/** A tenant that the member does not belong to. */
let foreignId: string;

beforeAll(async () => {
  product = await getSharedProduct();
  member = await addMember(product, await addTenant(product), 'MEMBER');
  foreignId = await addTenant(product);
});

type Details = { readonly groups?: readonly string[]; readonly metadata?: object; readonly version?: string };

function toTokenEvent(sub: string, email: string, { groups = ['Users'], metadata = {}, version = '2' }: Details = {}) {
  const userAttributes = { sub, email, email_verified: 'true' };
  const groupConfiguration = { groupsToOverride: groups, iamRolesToOverride: [], preferredRole: null };
  const request = { userAttributes, groupConfiguration, scopes: ['openid'], clientMetadata: metadata };
  return toEvent(product, 'TokenGeneration_Authentication', userAttributes, {
    version,
    request,
    response: { claimsAndScopeOverrideDetails: null },
  });
}

/** The token overrides that the trigger returns for a user. */
async function overrideFor(details: Details, { sub, email }: Pick<Member, 'sub' | 'email'> = member) {
  const { body } = await sendEvent(product, toTokenEvent(sub, email, details));
  return body.response.claimsAndScopeOverrideDetails;
}

/** A user who belongs to two tenants, the one whose id is returned joined last. */
async function addMemberOfTwo() {
  const user = await addMember(product, await addTenant(product), 'MEMBER');
  const lastId = await addTenant(product);
  await addMembership(product, user, lastId, 'MEMBER');
  return { user, lastId };
}

/** A member of a new tenant who exists at the pool too. */
async function signUpMember() {
  const tenantId = await addTenant(product);
  const user = await signUpUser(product);
  await addMembership(product, user, tenantId, 'MEMBER');
  return { ...user, tenantId };
}

const emailOf = (sub: string) => product.sql('select email, email_key, email_proof from users where id = $1', [sub]);

describe('the pre-token-generation trigger', () => {
  it('stamps tenant, role, version and role groups into both tokens, and leaves the rest of the event', async () => {
    const event = toTokenEvent(member.sub, member.email);
    const { status, body } = await sendEvent(product, event);
    const [row] = await product.sql<{ version: string }>('select version from memberships where id = $1', [
      member.membershipId,
    ]);
    const claims = { tenant_id: member.tenantId, tenant_role: 'MEMBER', membership_version: Number(row?.version) };
    const generation = { claimsToAddOrOverride: claims };
    expect(status).toBe(200);
    expect(body).toEqual({
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: generation,
          accessTokenGeneration: generation,
          groupOverrideDetails: { groupsToOverride: ['Users', 'TenantMembers'] },
        },
      },
    });
  });

  it('stamps no tenant for a user without one', async () => {
    const { sub, email } = await addUser(product);
    const { body } = await sendEvent(product, toTokenEvent(sub, email));
    expect(body.response.claimsAndScopeOverrideDetails).toEqual({
      idTokenGeneration: {},
      accessTokenGeneration: {},
      groupOverrideDetails: { groupsToOverride: ['Users'] },
    });
  });

  it('leaves an event of version 1 alone, which cannot change access tokens', async () => {
    const event = toTokenEvent(member.sub, member.email, { version: '1' });
    expect((await sendEvent(product, event)).body).toEqual(event);
  });

  it.each([
    'TenantOwners',
    'tenantowners',
    'TENANTOWNERS',
    'Tenant-Owners',
    'tenant_admins',
    ' TenantAdmins ',
    'TenantOwner',
    '\uff34\uff45\uff4e\uff41\uff4e\uff54\uff2f\uff57\uff4e\uff45\uff52\uff53',
    'Tenant\u200bOwners',
    'Tenant\u00adOwners',
    '\ufeffTenantOwners',
  ])('drops the pool group %j, which looks like one of ours', async (group) => {
    const { groupOverrideDetails } = await overrideFor({ groups: ['Users', group, 'Admins'] });
    expect(groupOverrideDetails.groupsToOverride).toEqual(['Users', 'Admins', 'TenantMembers']);
  });

  it.each(['Landlords', 'TenantOwnersClub', 'Owners', 'Admins'])('keeps the pool group %s', async (group) => {
    const { groupOverrideDetails } = await overrideFor({ groups: [group] });
    expect(groupOverrideDetails.groupsToOverride).toEqual([group, 'TenantMembers']);
  });

  it('gives no role by a pool group that is named as ours, through the pool itself', async () => {
    const { email } = await signUpMember();
    const named = { UserPoolId: product.pool.poolId, GroupName: 'TenantOwners' };
    await product.sdk.send(new CreateGroupCommand(named)).catch((error: unknown) => {
      // Another test file of this pool may have created the group.
      if (!(error instanceof GroupExistsException)) throw error;
    });
    await product.sdk.send(new AdminAddUserToGroupCommand({ ...named, Username: email }));
    const claims = decodeJwt(await signIn(product.sdk, email, DEMO_PASSWORD));
    expect(claims['cognito:groups']).toEqual(['Users', 'TenantMembers']);
    expect(claims['tenant_role']).toBe('MEMBER');
  });

  it.each([
    ['a foreign tenant', () => foreignId],
    ['a slug', () => 'globex'],
    ['no tenant at all', () => '00000000-0000-0000-0000-000000000000'],
    ['an injection', () => `${foreignId}' or true --`],
  ])('keeps to the own tenant when the client names %s', async (_, name) => {
    const { accessTokenGeneration } = await overrideFor({ metadata: { tenant_id: name() } });
    expect(accessTokenGeneration.claimsToAddOrOverride.tenant_id).toBe(member.tenantId);
  });

  it('follows the client to a tenant the user belongs to', async () => {
    const { user, lastId } = await addMemberOfTwo();
    const { accessTokenGeneration } = await overrideFor({ metadata: { tenant_id: lastId } }, user);
    expect(accessTokenGeneration.claimsToAddOrOverride.tenant_id).toBe(lastId);
  });

  it('begins in the default tenant the user has chosen', async () => {
    const { user, lastId } = await addMemberOfTwo();
    await product.sql('update users set default_tenant_id = $1 where id = $2', [lastId, user.sub]);
    const { accessTokenGeneration } = await overrideFor({}, user);
    expect(accessTokenGeneration.claimsToAddOrOverride.tenant_id).toBe(lastId);
  });

  it('keeps to a tenant of the user where the default is none of his', async () => {
    await product.sql('update users set default_tenant_id = $1 where id = $2', [foreignId, member.sub]);
    const { accessTokenGeneration } = await overrideFor({});
    expect(accessTokenGeneration.claimsToAddOrOverride.tenant_id).toBe(member.tenantId);
  });
});

describe('the profile, as each token is made', () => {
  it('is there for a user an administrator made', async () => {
    const email = `a-${randomUUID().slice(0, 8)}@acme.test`;
    const sub = await createDemoUser(product.sdk, { email, displayName: 'Ann', isPlatformStaff: false, roles: {} });
    expect(await emailOf(sub)).toEqual([]);
    await signIn(product.sdk, email, DEMO_PASSWORD);
    expect(await emailOf(sub)).toMatchObject([{ email }]);
  });

  it('takes over a changed address, finds the member by it, and forgets what proved the old one', async () => {
    const { sub, email: old, tenantId } = await signUpMember();
    await addMember(product, tenantId, 'OWNER');
    expect(await emailOf(sub)).toMatchObject([{ email_proof: 'CODE' }]);
    // An address replaces only one that is known from an earlier second.
    await product.sql(`update users set email_as_of = email_as_of - interval '1 second' where id = $1`, [sub]);
    const email = `Liv-${randomUUID().slice(0, 8)}@acme.test`;
    const user = { UserPoolId: product.pool.poolId, Username: sub };
    const UserAttributes = [{ Name: 'email', Value: email }];
    await product.sdk.send(new AdminUpdateUserAttributesCommand({ ...user, UserAttributes }));
    const token = await signIn(product.sdk, email.toLowerCase(), DEMO_PASSWORD);

    expect(await emailOf(sub)).toEqual([{ email, email_key: email.toLowerCase(), email_proof: 'NONE' }]);
    const search = async (text: string) =>
      (await product.query(token, `{ members(search: "${text}") { totalCount } }`)).body.data.members.totalCount;
    expect([await search(email.toLowerCase()), await search(old)]).toEqual([1, 0]);
    expect(await product.sql(`select action from audit_events where target_id = $1`, [sub])).toContainEqual({
      action: 'user.email-change',
    });
  });

  it('keeps what proved an address that did not change', async () => {
    const { sub, email } = await signUpMember();
    expect(await emailOf(sub)).toMatchObject([{ email_proof: 'CODE' }]);
    await signIn(product.sdk, email, DEMO_PASSWORD);
    expect(await emailOf(sub)).toMatchObject([{ email_proof: 'CODE' }]);
  });

  it('refuses an event that names no user', async () => {
    const event = { ...toTokenEvent('not-an-id', 'x@acme.test') };
    expect((await sendEvent(product, event)).status).toBe(422);
  });
});
