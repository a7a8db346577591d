import { randomUUID } from 'node:crypto';
import { ConfirmSignUpCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { DEMO_PASSWORD } from '../../../local/seed/demo.ts';
import { createDemoUser, signIn } from '../../../local/seed/pool-users.ts';
import { served } from '../answers.ts';
import { addProven, createInvitationClient, toInvited } from '../invitations.ts';
import { addMember, addMembership, addTenant, addUser, type Person, toUserClaims } from '../people.ts';
import type { Product } from '../product.ts';

/** Something that is asked of a process which may end meanwhile. */
export type Act = {
  readonly name: string;
  /** True where it was answered that it is done; false where nothing was answered, or a refusal. */
  readonly send: (url: string) => Promise<boolean>;
  /** Everything that must be there if it was done, and must not if it was not: SQL conditions. */
  readonly marks: readonly string[];
};

const CREATE_ROBOT =
  'mutation ($input: CreateMachineClientInput!) { createMachineClient(input: $input) { machineClient { id } } }';

const event = (action: string, target: string, more = '') =>
  `exists (select from audit_events e where e.action = '${action}' and e.target_id = '${target}' ${more})`;
const outbox = (userId: string, kind: string) =>
  `exists (select from outbox o where o.user_id = '${userId}' and o.kind = '${kind}')`;
const row = (table: string, condition: string) => `exists (select from ${table} where ${condition})`;

/** A tenant with everything to lose, and all that can be asked about it at once. */
export async function prepareActs(product: Product): Promise<readonly Act[]> {
  const tenantId = await addTenant(product);
  const [owner, admin, member] = [
    await addMember(product, tenantId, 'OWNER'),
    await addMember(product, tenantId, 'ADMIN'),
    await addMember(product, tenantId, 'MEMBER'),
  ];
  const [founder, guest, root] = [
    await addUser(product),
    await addProven(product),
    await product.tokenOf('root@tenantry.test'),
  ];
  // They are at no pool, and none that is reconciled should miss them.
  await product.sql(`update users set pool_id = 'none' where id = any($1)`, [
    [owner, admin, member, founder, guest].map(({ sub }) => sub),
  ]);
  const { invite } = createInvitationClient(product);
  const invited = toInvited(await served(() => invite(owner, guest.email)));
  const [leaver, shut] = [await addReal(product), await addReal(product)];
  const leaverPlace = await addMembership(product, leaver, tenantId, 'MEMBER');
  const robot = await addRobot(product, owner);
  const [newcomer, returning] = [await signUp(product), await addAtPool(product)];
  const slug = `made-${randomUUID().slice(0, 8)}`;
  const address = `invited-${randomUUID().slice(0, 8)}@guest.test`;
  const name = `robot-${randomUUID().slice(0, 8)}`;

  const mutation = (title: string, token: string, field: string, input: object, marks: readonly string[]): Act => {
    const [verb = ''] = title.split(' ');
    const query = `mutation ($input: ${verb[0]?.toUpperCase()}${verb.slice(1)}Input!) { ${verb}(input: $input) { ${field} } }`;
    return { name: verb, send: (url) => post(url, token, { query, variables: { input } }), marks };
  };
  return [
    mutation('createTenant', founder.token, 'tenant { id }', { name: 'Made', slug }, [
      row('tenants', `slug = '${slug}' and member_count = 1`),
      row('memberships', `user_id = '${founder.sub}' and role = 'OWNER'`),
      row('audit_events', `action = 'tenant.create' and changes->>'slug' = '${slug}'`),
    ]),
    mutation('inviteMember', owner.token, 'secret', { email: address, role: 'MEMBER' }, [
      row('invitations', `email = '${address}'`),
      `(select count(*) = 2 from audit_events where action = 'invitation.create' and tenant_id = '${tenantId}')`,
    ]),
    mutation('acceptInvitation', guest.token, 'membership { id }', { secret: invited.secret }, [
      row('memberships', `tenant_id = '${tenantId}' and user_id = '${guest.sub}'`),
      row('invitations', `id = '${invited.id}' and status = 'ACCEPTED'`),
      event('invitation.accept', invited.id),
      row('audit_events', `action = 'membership.join' and changes->>'userId' = '${guest.sub}'`),
    ]),
    mutation(
      'changeMemberRole',
      owner.token,
      'membership { id }',
      { membershipId: admin.membershipId, role: 'MEMBER' },
      [
        row('memberships', `id = '${admin.membershipId}' and role = 'MEMBER'`),
        event('membership.role-change', admin.membershipId),
      ],
    ),
    mutation('removeMember', owner.token, 'membership { id }', { membershipId: member.membershipId }, [
      `not ${row('memberships', `id = '${member.membershipId}'`)}`,
      event('membership.remove', member.membershipId),
    ]),
    mutation('updateTenant', owner.token, 'tenant { id }', { name: 'Renamed' }, [
      row('tenants', `id = '${tenantId}' and name = 'Renamed'`),
      event('tenant.update', tenantId),
    ]),
    mutation('deleteMyAccount', leaver.token, 'userId', { confirmEmail: leaver.email }, [
      `not ${row('users', `id = '${leaver.sub}'`)}`,
      row('deleted_users', `id = '${leaver.sub}'`),
      `not ${row('memberships', `id = '${leaverPlace}'`)}`,
      event('membership.leave', leaverPlace),
      event('user.delete', leaver.sub),
      outbox(leaver.sub, 'DELETE'),
    ]),
    mutation('disableUser', root, 'user { id }', { userId: shut.sub }, [
      row('users', `id = '${shut.sub}' and disabled_at is not null`),
      event('user.disable', shut.sub),
      outbox(shut.sub, 'DISABLE'),
    ]),
    mutation('createMachineClient', owner.token, 'clientSecret', { name, scopes: ['tenantry/members.read'] }, [
      row('app_clients', `name = '${name}'`),
      `(select count(*) = 2 from audit_events where action = 'machine-client.create' and tenant_id = '${tenantId}')`,
    ]),
    mutation('deleteMachineClient', owner.token, 'machineClient { id }', { id: robot }, [
      row('app_clients', `client_id = '${robot}' and ended_at is not null`),
      event('machine-client.delete', robot),
    ]),
    {
      name: 'post-confirmation',
      send: () => succeeds(newcomer.confirm()),
      marks: [
        row('users', `id = '${newcomer.sub}' and confirmed_at is not null`),
        event('user.create', newcomer.sub),
        outbox(newcomer.sub, 'ADD_TO_GROUP'),
      ],
    },
    {
      name: 'pre-token-generation',
      send: () => succeeds(signIn(product.sdk, returning.email, DEMO_PASSWORD)),
      marks: [row('users', `id = '${returning.sub}'`), event('user.create', returning.sub)],
    },
  ];
}

const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );

async function post(url: string, token: string, body: object): Promise<boolean> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const text = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) }).then(
    (response) => response.text(),
    () => '',
  );
  return text.startsWith('{"data":');
}

/** A user of the pool who has no profile yet. */
async function addAtPool({ sdk }: Product): Promise<Omit<Person, 'token'>> {
  const email = `r-${randomUUID().slice(0, 8)}@acme.test`;
  return { email, sub: await createDemoUser(sdk, { email, displayName: 'Real', isPlatformStaff: false, roles: {} }) };
}

/** A user of the pool with a profile, and a token. */
async function addReal(product: Product): Promise<Person> {
  const user = await addAtPool(product);
  const token = await product.pool.signToken(toUserClaims(product, user.sub));
  await served(() => product.query(token, '{ viewer { profile { id } } }'));
  return { ...user, token };
}

async function addRobot(product: Product, { token }: Person): Promise<string> {
  const input = { name: 'Robot', scopes: ['tenantry/members.read'] };
  const { body } = await served(() => product.query(token, CREATE_ROBOT, { input }));
  return body.data.createMachineClient.machineClient.id;
}

/** Somebody who has a code, and has not sent it back yet. */
async function signUp({ sdk, pool }: Product) {
  const user = { ClientId: pool.clientId, Username: `n-${randomUUID().slice(0, 8)}@acme.test` };
  const UserAttributes = [{ Name: 'email', Value: user.Username }];
  const { UserSub: sub = '' } = await sdk.send(new SignUpCommand({ ...user, Password: DEMO_PASSWORD, UserAttributes }));
  const [mail] = pool.mailbox.list(user.Username);
  return { sub, confirm: () => sdk.send(new ConfirmSignUpCommand({ ...user, ConfirmationCode: mail?.code ?? '' })) };
}
