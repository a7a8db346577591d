import { randomUUID } from 'node:crypto';
import {
  ConfirmSignUpCommand,
  GetTokensFromRefreshTokenCommand,
  NotAuthorizedException,
  SignUpCommand,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, expect, it } from 'vitest';
import { startSession } from '../../local/seed/pool-users.ts';
import { codesOf } from '../support/answers.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import type { Answer, Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const PASSWORD = 'Correct-horse-7';
const RUN = randomUUID().slice(0, 8);
const OLGA = `olga-${RUN}@example.com`;
// At a domain that sign-up is not open to.
const IVAN = `ivan-${RUN}@guest.test`;
const VERA = `vera-${RUN}@example.com`;
const NORTH = `north-${RUN}`;
const SOUTH = `south-${RUN}`;

const VIEWER =
  '{ viewer { tenantId groups tenant { slug } memberships { role tenant { slug } } profile { emailProof } } }';
const CREATE =
  'mutation ($name: String!, $slug: String!) { createTenant(input: { name: $name, slug: $slug }) { tenant { id } } }';
const INVITE = `mutation ($email: String!, $role: MembershipRole!) {
  inviteMember(input: { email: $email, role: $role }) { secret invitation { id status } }
}`;
const MEMBERS = '{ members { totalCount nodes { id role user { email } } } }';
const PROMOTE = `mutation ($id: ID!) {
  changeMemberRole(input: { membershipId: $id, role: ADMIN }) { membership { role } }
}`;
const ACCEPT =
  'mutation ($secret: String!) { acceptInvitation(input: { secret: $secret }) { membership { tenantId role } } }';
const SWITCH =
  'mutation ($tenantId: ID!) { switchTenant(input: { tenantId: $tenantId }) { clientMetadata { tenant_id } } }';
const REMOVE = 'mutation ($id: ID!) { removeMember(input: { membershipId: $id }) { membership { user { email } } } }';
const DELETE = 'mutation ($email: String!) { deleteMyAccount(input: { confirmEmail: $email }) { userId } }';
const EVENTS = '{ auditEvents(first: 100) { nodes { action actorId changes } } }';

let product: Product;

beforeAll(async () => {
  product = await getSharedProduct();
});

/** Somebody with the AWS SDK and nothing else: no token is made for him. */
function createPerson(email: string) {
  const { sdk, pool } = product;
  let session = { accessToken: '', refreshToken: '' };
  const person = {
    async signUp(metadata: Record<string, string> = {}): Promise<void> {
      const user = { ClientId: pool.clientId, Username: email, ClientMetadata: metadata };
      const UserAttributes = [{ Name: 'email', Value: email }];
      await sdk.send(new SignUpCommand({ ...user, Password: PASSWORD, UserAttributes }));
      const [mail] = pool.mailbox.list(email);
      await sdk.send(new ConfirmSignUpCommand({ ...user, ConfirmationCode: mail?.code ?? '' }));
    },
    async signIn(): Promise<void> {
      session = await startSession(sdk, email, PASSWORD);
    },
    async refresh(tenantId?: string): Promise<void> {
      const ClientMetadata = tenantId === undefined ? {} : { ClientMetadata: { tenant_id: tenantId } };
      const request = { ClientId: pool.clientId, RefreshToken: session.refreshToken, ...ClientMetadata };
      const { AuthenticationResult: result } = await sdk.send(new GetTokensFromRefreshTokenCommand(request));
      session = { refreshToken: session.refreshToken, ...result, accessToken: result?.AccessToken ?? '' };
    },
    ask: (query: string, variables: object = {}): Promise<Answer> =>
      product.query(session.accessToken, query, variables),
    /** What is answered where nothing may be refused. */
    async get(query: string, variables: object = {}) {
      const answer = await person.ask(query, variables);
      expect(codesOf(answer)).toEqual([]);
      return answer.body.data;
    },
    async idOf(member: string): Promise<string> {
      const { members } = await person.get(MEMBERS);
      return members.nodes.find(({ user }: { user: { email: string } }) => user.email === member).id;
    },
  };
  return person;
}

it('a tenant begins, grows, and lets somebody go', async () => {
  const [olga, ivan, vera] = [createPerson(OLGA), createPerson(IVAN), createPerson(VERA)];

  // An owner signs up, and creates a tenant.
  await olga.signUp();
  await olga.signIn();
  expect((await olga.get(VIEWER)).viewer).toMatchObject({ tenantId: null, groups: ['Users'], memberships: [] });
  const { tenant: north } = (await olga.get(CREATE, { name: 'North', slug: NORTH })).createTenant;
  await olga.refresh();
  expect((await olga.get(VIEWER)).viewer.groups).toEqual(['Users', 'TenantOwners', 'TenantAdmins', 'TenantMembers']);

  // Somebody is invited whom sign-up is closed to, and signs up by the invitation.
  await expect(ivan.signUp()).rejects.toThrow('Sign-up is not open');
  const { secret } = (await olga.get(INVITE, { email: IVAN, role: 'MEMBER' })).inviteMember;
  await ivan.signUp({ invitation_secret: secret });
  await ivan.signIn();
  expect((await ivan.get(VIEWER)).viewer).toEqual({
    tenantId: north.id,
    groups: ['Users', 'TenantMembers'],
    tenant: { slug: NORTH },
    memberships: [{ role: 'MEMBER', tenant: { slug: NORTH } }],
    profile: { emailProof: 'CODE' },
  });
  expect(codesOf(await ivan.ask(INVITE, { email: VERA, role: 'MEMBER' }))).toEqual(['FORBIDDEN']);

  // He is promoted, and may invite once his token says so.
  await olga.get(PROMOTE, { id: await olga.idOf(IVAN) });
  await ivan.refresh();
  expect(codesOf(await ivan.ask(INVITE, { email: VERA, role: 'OWNER' }))).toEqual(['FORBIDDEN']);
  await ivan.get(INVITE, { email: VERA, role: 'ADMIN' });

  // He joins a second tenant, and switches: one session is in both, by turns.
  await vera.signUp();
  await vera.signIn();
  const { tenant: south } = (await vera.get(CREATE, { name: 'South', slug: SOUTH })).createTenant;
  await vera.refresh();
  const second = (await vera.get(INVITE, { email: IVAN, role: 'MEMBER' })).inviteMember;
  const { membership } = (await ivan.get(ACCEPT, { secret: second.secret })).acceptInvitation;
  expect(membership).toEqual({ tenantId: south.id, role: 'MEMBER' });
  expect(codesOf(await olga.ask(ACCEPT, { secret: second.secret }))).toEqual(['NOT_FOUND']);
  const { clientMetadata } = (await ivan.get(SWITCH, { tenantId: south.id })).switchTenant;
  await ivan.refresh(clientMetadata.tenant_id);
  expect((await ivan.get(MEMBERS)).members.nodes.map(({ user }: { user: { email: string } }) => user.email)).toEqual([
    VERA,
    IVAN,
  ]);
  await ivan.refresh(north.id);
  expect((await ivan.get(VIEWER)).viewer.tenant).toEqual({ slug: NORTH });

  // He is removed: no token of his speaks for that tenant any more, whatever he asks for.
  await olga.get(REMOVE, { id: await olga.idOf(IVAN) });
  await ivan.refresh(north.id);
  expect((await ivan.get(VIEWER)).viewer).toMatchObject({
    tenantId: south.id,
    memberships: [{ role: 'MEMBER', tenant: { slug: SOUTH } }],
  });
  expect((await olga.get(MEMBERS)).members.totalCount).toBe(1);

  // He deletes his account: at the pool, too. What the tenants' trails keep of him is an id.
  const { userId } = (await ivan.get(DELETE, { email: IVAN })).deleteMyAccount;
  await expect.poll(() => ivan.refresh().catch((error) => error), EVENTUALLY).toBeInstanceOf(NotAuthorizedException);
  const gone = await ivan.signIn().catch((error) => error);
  expect([NotAuthorizedException, UserNotFoundException].some((type) => gone instanceof type)).toBe(true);
  expect((await vera.get(MEMBERS)).members.totalCount).toBe(1);
  const trail = await olga.ask(EVENTS);
  expect(trail.body.data.auditEvents.nodes.map(({ action }: { action: string }) => action).toReversed()).toEqual([
    'tenant.create',
    'invitation.create',
    'membership.join',
    'invitation.accept',
    'membership.role-change',
    'invitation.create',
    'membership.remove',
  ]);
  expect(trail.text).toContain(userId);
  expect(trail.text).not.toContain('ivan');
});
