import { GetTokensFromRefreshTokenCommand, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { signIn } from '../../local/seed/pool-users.ts';
import { addTenant, idsOf } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const VIEWER = `{ viewer {
  kind groups tenantId profile { email displayName } tenant { slug } membership { role } memberships { role tenant { slug } }
} }`;

let product: Product;
let acmeId: string;
let globexId: string;

beforeAll(async () => {
  product = await getSharedProduct();
  acmeId = (await idsOf(product, 'mia@acme.test', 'acme')).tenantId;
  globexId = (await idsOf(product, 'gina@globex.test', 'globex')).tenantId;
});

const viewerOf = async (token: string) => {
  const { body } = await product.query(token, VIEWER);
  expect(body.errors).toBeUndefined();
  return body.data.viewer;
};

describe('Query.viewer', () => {
  it('shows a member the one tenant', async () => {
    expect(await viewerOf(await product.tokenOf('mia@acme.test'))).toEqual({
      kind: 'USER',
      groups: ['Users', 'TenantMembers'],
      tenantId: acmeId,
      profile: { email: 'mia@acme.test', displayName: 'Mia' },
      tenant: { slug: 'acme' },
      membership: { role: 'MEMBER' },
      memberships: [{ role: 'MEMBER', tenant: { slug: 'acme' } }],
    });
  });

  it("gives an admin the lower role's group too", async () => {
    const viewer = await viewerOf(await product.tokenOf('adam@acme.test'));
    expect(viewer.groups).toEqual(['Users', 'TenantAdmins', 'TenantMembers']);
  });

  it('shows platform staff without a tenant as such', async () => {
    expect(await viewerOf(await product.tokenOf('root@tenantry.test'))).toMatchObject({
      groups: ['Users', 'Admins'],
      tenantId: null,
      tenant: null,
      membership: null,
      memberships: [],
    });
  });

  it('shows a member of two tenants both, and speaks for the first', async () => {
    expect(await viewerOf(await product.tokenOf('dora@both.test'))).toMatchObject({
      tenant: { slug: 'acme' },
      membership: { role: 'MEMBER' },
      memberships: [{ tenant: { slug: 'acme' } }, { tenant: { slug: 'globex' } }],
    });
  });

  it("shows the tenant's own members below a membership, and none of the other tenant's list", async () => {
    const query = '{ viewer { memberships { user { email } tenant { memberCount } } } }';
    const { body } = await product.query(await product.tokenOf('dora@both.test'), query);
    expect(body.data.viewer.memberships).toEqual([
      { user: { email: 'dora@both.test' }, tenant: { memberCount: 4 } },
      { user: { email: 'dora@both.test' }, tenant: { memberCount: 2 } },
    ]);
  });
});

describe('switching tenant by refresh', () => {
  let refreshToken: string;
  beforeAll(async () => {
    const { AuthenticationResult } = await product.sdk.send(
      new InitiateAuthCommand({
        ClientId: product.pool.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'dora@both.test', PASSWORD: DEMO_PASSWORD },
      }),
    );
    refreshToken = AuthenticationResult?.RefreshToken ?? '';
  });

  const refreshFor = async (tenantId: string) => {
    const input = { ClientId: product.pool.clientId, RefreshToken: refreshToken };
    const ClientMetadata = { tenant_id: tenantId };
    const command = new GetTokensFromRefreshTokenCommand({ ...input, ClientMetadata });
    return (await product.sdk.send(command)).AuthenticationResult?.AccessToken ?? '';
  };

  it('speaks for the other tenant, and reads its members alone', async () => {
    const token = await refreshFor(globexId);
    expect((await viewerOf(token)).tenant).toEqual({ slug: 'globex' });
    const { body } = await product.query(token, '{ members { nodes { user { email } } } }');
    expect(body.data.members.nodes.map((node: { user: { email: string } }) => node.user.email)).toEqual([
      'gina@globex.test',
      'dora@both.test',
    ]);
  });

  it('keeps the default for a tenant the user does not belong to', async () => {
    const foreignId = await addTenant(product);
    expect((await viewerOf(await refreshFor(foreignId))).tenant).toEqual({ slug: 'acme' });
  });

  it.each(['globex', '', "' or true --", '00000000-0000-0000-0000-000000000000'])(
    'keeps the default for the tenant "%s"',
    async (tenantId) => {
      expect((await viewerOf(await refreshFor(tenantId))).tenant).toEqual({ slug: 'acme' });
    },
  );

  it('begins a new sign-in in the default tenant, and leaves it there after a refresh elsewhere', async () => {
    await refreshFor(globexId);
    const token = await signIn(product.sdk, 'dora@both.test', DEMO_PASSWORD);
    expect((await viewerOf(token)).tenant).toEqual({ slug: 'acme' });
  });
});
