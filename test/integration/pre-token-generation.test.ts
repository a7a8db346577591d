import {
  AdminAddUserToGroupCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { signIn } from '../../local/seed/pool-users.ts';
import { addUser, idsOf } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

let product: Product;
let mia: { readonly sub: string; readonly tenantId: string; readonly membershipId: string };
let globexId: string;

beforeAll(async () => {
  product = await startProduct();
  mia = await idsOf(product, 'mia@acme.test', 'acme');
  globexId = (await idsOf(product, 'gina@globex.test', 'globex')).tenantId;
});
afterAll(() => product[Symbol.asyncDispose]());

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

/** What the trigger wants done to the tokens of mia. */
async function overrideFor(details: Details) {
  const { body } = await sendEvent(product, toTokenEvent(mia.sub, 'mia@acme.test', details));
  return body.response.claimsAndScopeOverrideDetails;
}

const emailOf = (sub: string) => product.sql('select email, email_key, email_proof from users where id = $1', [sub]);

describe('the pre-token-generation trigger', () => {
  it('stamps tenant, role, version and role groups into both tokens, and leaves the rest of the event', async () => {
    const event = toTokenEvent(mia.sub, 'mia@acme.test');
    const { status, body } = await sendEvent(product, event);
    const [row] = await product.sql<{ version: string }>('select version from memberships where id = $1', [
      mia.membershipId,
    ]);
    const claims = { tenant_id: mia.tenantId, tenant_role: 'MEMBER', membership_version: Number(row?.version) };
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
    const event = toTokenEvent(mia.sub, 'mia@acme.test', { version: '1' });
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
    const named = { UserPoolId: product.pool.poolId, GroupName: 'TenantOwners' };
    await product.sdk.send(new CreateGroupCommand(named));
    await product.sdk.send(new AdminAddUserToGroupCommand({ ...named, Username: 'mia@acme.test' }));
    const claims = decodeJwt(await signIn(product.sdk, 'mia@acme.test', DEMO_PASSWORD));
    expect(claims['cognito:groups']).toEqual(['Users', 'TenantMembers']);
    expect(claims['tenant_role']).toBe('MEMBER');
  });

  it.each([
    ['a foreign tenant', () => globexId],
    ['a slug', () => 'globex'],
    ['no tenant at all', () => '00000000-0000-0000-0000-000000000000'],
    ['an injection', () => `${globexId}' or true --`],
  ])('keeps to the own tenant when the client names %s', async (_, name) => {
    const { accessTokenGeneration } = await overrideFor({ metadata: { tenant_id: name() } });
    expect(accessTokenGeneration.claimsToAddOrOverride.tenant_id).toBe(mia.tenantId);
  });

  it('follows the client to a tenant the user belongs to', async () => {
    const dora = await idsOf(product, 'dora@both.test', 'globex');
    const event = toTokenEvent(dora.sub, 'dora@both.test', { metadata: { tenant_id: globexId } });
    const { body } = await sendEvent(product, event);
    const { accessTokenGeneration } = body.response.claimsAndScopeOverrideDetails;
    expect(accessTokenGeneration.claimsToAddOrOverride.tenant_id).toBe(globexId);
  });

  it('begins in the default tenant the user has chosen', async () => {
    const dora = await idsOf(product, 'dora@both.test', 'globex');
    await product.sql('update users set default_tenant_id = $1 where id = $2', [globexId, dora.sub]);
    const { body } = await sendEvent(product, toTokenEvent(dora.sub, 'dora@both.test'));
    const { accessTokenGeneration } = body.response.claimsAndScopeOverrideDetails;
    expect(accessTokenGeneration.claimsToAddOrOverride.tenant_id).toBe(globexId);
  });

  it('keeps to a tenant of the user where the default is none of his', async () => {
    await product.sql('update users set default_tenant_id = $1 where id = $2', [globexId, mia.sub]);
    const { accessTokenGeneration } = await overrideFor({});
    expect(accessTokenGeneration.claimsToAddOrOverride.tenant_id).toBe(mia.tenantId);
  });
});

describe('the profile, as each token is made', () => {
  it('is there for a user an administrator made', async () => {
    const { sub } = decodeJwt(await product.tokenOf('adam@acme.test'));
    await product.sql('delete from memberships where user_id = $1', [sub]);
    await product.sql('delete from users where id = $1', [sub]);
    await signIn(product.sdk, 'adam@acme.test', DEMO_PASSWORD);
    expect(await emailOf(sub ?? '')).toMatchObject([{ email: 'adam@acme.test' }]);
  });

  it('takes over a changed address, finds the member by it, and forgets what proved the old one', async () => {
    const { sub } = await idsOf(product, 'olivia@acme.test', 'acme');
    await product.sql(`update users set email_proof = 'CODE' where id = $1`, [sub]);
    const UserAttributes = [{ Name: 'email', Value: 'Liv@acme.test' }];
    const user = { UserPoolId: product.pool.poolId, Username: sub };
    await product.sdk.send(new AdminUpdateUserAttributesCommand({ ...user, UserAttributes }));
    const token = await signIn(product.sdk, 'liv@acme.test', DEMO_PASSWORD);

    expect(await emailOf(sub)).toEqual([{ email: 'Liv@acme.test', email_key: 'liv@acme.test', email_proof: 'NONE' }]);
    const search = async (text: string) =>
      (await product.query(token, `{ members(search: "${text}") { totalCount } }`)).body.data.members.totalCount;
    expect([await search('liv@'), await search('olivia@')]).toEqual([1, 0]);
    expect(await product.sql(`select action from audit_events where target_id = $1`, [sub])).toContainEqual({
      action: 'user.email-change',
    });
  });

  it('keeps what proved an address that did not change', async () => {
    const { sub } = await idsOf(product, 'gina@globex.test', 'globex');
    await product.sql(`update users set email_proof = 'CODE' where id = $1`, [sub]);
    await signIn(product.sdk, 'gina@globex.test', DEMO_PASSWORD);
    expect(await emailOf(sub)).toMatchObject([{ email_proof: 'CODE' }]);
  });

  it('refuses an event that names no user', async () => {
    const event = { ...toTokenEvent('not-an-id', 'x@acme.test') };
    expect((await sendEvent(product, event)).status).toBe(422);
  });
});
