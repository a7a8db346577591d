import { randomUUID } from 'node:crypto';
import { GetTokensFromRefreshTokenCommand } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { startSession } from '../../local/seed/pool-users.ts';
import { codesOf } from '../support/answers.ts';
import { addMember, addMembership, addTenant, addUser, idsOf, signUpUser, toMachineClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';
import { changeUnheard } from '../support/unheard.ts';

const LEAVE = 'mutation { leaveTenant { membership { id role user { email } tenant { id } } } }';
const SWITCH = `mutation ($tenantId: ID!) {
  switchTenant(input: { tenantId: $tenantId }) { membership { id tenant { id slug } } clientMetadata { tenant_id } }
}`;

let product: Product;

beforeAll(async () => {
  product = await getSharedProduct();
});

const leave = (token: string | null) => product.query(token, LEAVE);
const switchTo = (token: string | null, tenantId: string, headers?: Record<string, string>) =>
  product.query(token, SWITCH, { tenantId }, headers);
const countOf = async (tenantId: string) =>
  (await product.sql<{ count: number }>('select member_count as count from tenants where id = $1', [tenantId]))[0]
    ?.count;
const machine = (tenantId: string) =>
  product.pool.signToken(toMachineClaims(product, { tenant_id: tenantId, scope: 'tenantry/members.read' }));

describe('Mutation.leaveTenant', () => {
  it('takes a member out, answers the membership as it was, counts one less and audits it', async () => {
    const tenantId = await addTenant(product);
    await addMember(product, tenantId, 'OWNER');
    const { token, membershipId, email, sub } = await addMember(product, tenantId, 'ADMIN');
    const { body } = await leave(token);
    const membership = { id: membershipId, role: 'ADMIN', user: { email }, tenant: { id: tenantId } };
    expect(body.data.leaveTenant.membership).toEqual(membership);
    expect(await countOf(tenantId)).toBe(1);
    expect(
      await product.sql('select action, actor_id, target_id from audit_events where tenant_id = $1', [tenantId]),
    ).toEqual([{ action: 'membership.leave', actor_id: sub, target_id: membershipId }]);
  });

  it('leaves other memberships of the same user alone', async () => {
    const [one, other] = [await addTenant(product), await addTenant(product)];
    const member = await addMember(product, one, 'MEMBER');
    const id = await addMembership(product, member, other, 'OWNER');
    await leave(member.token);
    expect(await product.sql('select id from memberships where user_id = $1', [member.sub])).toEqual([{ id }]);
  });

  it('answers CONFLICT to the last owner', async () => {
    const { token } = await addMember(product, await addTenant(product), 'OWNER');
    expect(codesOf(await withoutWriting(product, () => leave(token)))).toEqual(['CONFLICT']);
  });

  it('lets one of two owners go who leave at the same moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      const tenantId = await addTenant(product);
      const owners = [await addMember(product, tenantId, 'OWNER'), await addMember(product, tenantId, 'OWNER')];
      const answers = await Promise.all(owners.map(({ token }) => leave(token)));
      expect(answers.flatMap(codesOf)).toEqual(['CONFLICT']);
      expect(await countOf(tenantId)).toBe(1);
    }
  });

  it('counts once a member who leaves twice at the same moment', async () => {
    const tenantId = await addTenant(product);
    await addMember(product, tenantId, 'OWNER');
    const { token } = await addMember(product, tenantId, 'MEMBER');
    const answers = await Promise.all([leave(token), leave(token)]);
    expect(answers.flatMap(codesOf)).toEqual(['FORBIDDEN']);
    expect(await countOf(tenantId)).toBe(1);
  });

  it('answers UNAUTHENTICATED without a token', async () => {
    expect(codesOf(await withoutWriting(product, () => leave(null)))).toEqual(['UNAUTHENTICATED']);
  });

  it('answers FORBIDDEN to a machine and to who was removed, where that was not heard yet', async () => {
    const tenantId = await addTenant(product);
    const { token, membershipId } = await addMember(product, tenantId, 'MEMBER');
    await changeUnheard(product, 'delete from memberships where id = $1', [membershipId]);
    for (const caller of [token, await machine(tenantId)]) {
      expect(codesOf(await withoutWriting(product, () => leave(caller)))).toEqual(['FORBIDDEN']);
    }
  });

  it('answers FORBIDDEN to a user without a tenant', async () => {
    const { token } = await addUser(product);
    expect(codesOf(await leave(token))).toEqual(['FORBIDDEN']);
  });
});

describe('Mutation.switchTenant', () => {
  it('answers the membership there, and what the session refreshes with, and audits it', async () => {
    const member = await addMember(product, await addTenant(product), 'MEMBER');
    const slug = `t-${randomUUID().slice(0, 8)}`;
    const tenantId = await addTenant(product, slug);
    await addMembership(product, member, tenantId, 'MEMBER');
    const { body } = await switchTo(member.token, tenantId);
    expect(body.data.switchTenant.membership.tenant).toEqual({ id: tenantId, slug });
    expect(body.data.switchTenant.clientMetadata).toEqual({ tenant_id: tenantId });
    expect(
      await product.sql(
        `select tenant_id, changes from audit_events where action = 'user.switch-tenant' and actor_id = $1`,
        [member.sub],
      ),
    ).toEqual([{ tenant_id: null, changes: { defaultTenantId: tenantId } }]);
  });

  it("answers NOT_FOUND to another tenant's id as to one nobody knows, byte for byte", async () => {
    const token = await product.tokenOf('mia@acme.test');
    const { tenantId } = await idsOf(product, 'gina@globex.test', 'globex');
    const fixed = { 'x-request-id': 'fixed' };
    const answers = await withoutWriting(product, () =>
      Promise.all([tenantId, randomUUID(), 'globex', ''].map((id) => switchTo(token, id, fixed))),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(codesOf)).toEqual(Array(4).fill(['NOT_FOUND']));
  });

  it('answers UNAUTHENTICATED without a token, and FORBIDDEN to a machine', async () => {
    const { tenantId } = await idsOf(product, 'mia@acme.test', 'acme');
    expect(codesOf(await withoutWriting(product, () => switchTo(null, tenantId)))).toEqual(['UNAUTHENTICATED']);
    const token = await machine(tenantId);
    expect(codesOf(await withoutWriting(product, () => switchTo(token, tenantId)))).toEqual(['FORBIDDEN']);
  });
});

describe('two sessions of one user, by the AWS SDK', () => {
  let email: string;
  /** The two tenants of the user. */
  let oneId: string;
  let otherId: string;
  beforeAll(async () => {
    const user = await signUpUser(product);
    ({ email } = user);
    [oneId, otherId] = [await addTenant(product), await addTenant(product)];
    for (const tenantId of [oneId, otherId]) await addMembership(product, user, tenantId, 'MEMBER');
  });

  const signIn = () => startSession(product.sdk, email, DEMO_PASSWORD);
  const placeOf = async (token: string) =>
    (await product.query(token, '{ viewer { tenant { id } } members { nodes { tenant { id } } } }')).body.data;
  const refresh = async (RefreshToken: string, ClientMetadata?: Record<string, string>) => {
    const command = new GetTokensFromRefreshTokenCommand({
      ClientId: product.pool.clientId,
      RefreshToken,
      ...(ClientMetadata && { ClientMetadata }),
    });
    return (await product.sdk.send(command)).AuthenticationResult?.AccessToken ?? '';
  };
  const setDefault = (tenantId: string) =>
    product.sql('update users set default_tenant_id = $2 where email = $1', [email, tenantId]);

  it('are in two tenants at once: one switches, the other stays where it is, also when it refreshes', async () => {
    await setDefault(oneId);
    const [phone, laptop] = [await signIn(), await signIn()];
    const { clientMetadata } = (await switchTo(phone.accessToken, otherId)).body.data.switchTenant;
    const switched = await placeOf(await refresh(phone.refreshToken, clientMetadata));
    expect(switched.viewer.tenant.id).toBe(otherId);
    expect(new Set(switched.members.nodes.map((node: { tenant: { id: string } }) => node.tenant.id))).toEqual(
      new Set([otherId]),
    );
    expect((await placeOf(laptop.accessToken)).viewer.tenant.id).toBe(oneId);
    const toOne = { tenant_id: oneId };
    expect((await placeOf(await refresh(laptop.refreshToken, toOne))).viewer.tenant.id).toBe(oneId);
  });

  it('begin, after a switch, in the tenant switched to', async () => {
    await setDefault(oneId);
    await switchTo((await signIn()).accessToken, otherId);
    expect((await placeOf((await signIn()).accessToken)).viewer.tenant.id).toBe(otherId);
  });

  it('stay in the default tenant where the metadata names one of somebody else', async () => {
    await setDefault(otherId);
    const { refreshToken } = await signIn();
    const foreign = await addTenant(product);
    await addMember(product, foreign, 'OWNER');
    expect((await placeOf(await refresh(refreshToken, { tenant_id: foreign }))).viewer.tenant.id).toBe(otherId);
  });
});
