import { randomUUID } from 'node:crypto';
import { codesOf } from '../answers.ts';
import { addProven, expire, toInvited } from '../invitations.ts';
import { type Person, toUserClaims } from '../people.ts';
import type { Answer, Product } from '../product.ts';
import { type Bearer, isAtDomain, type Life, PEOPLE, type Place, placeOf, toKey } from './life.ts';
import { type End, toOffer } from './rules.ts';
import { readHouses, toState } from './state.ts';
import type { Kind, Member, Step, StepOf } from './step.ts';

/** TXT records by name, for a product that is made with `resolveTxt` below. */
export const createDns = () => {
  const records = new Map<string, string[]>();
  return { records, resolveTxt: async (name: string) => records.get(name) ?? [] };
};

type Dns = ReturnType<typeof createDns>;

const VERBS = {
  createTenant: 'tenant { id }',
  updateTenant: 'tenant { name }',
  setTenantPolicy: 'tenant { policy { memberLimit joinByDomain } }',
  suspendTenant: 'tenant { status }',
  resumeTenant: 'tenant { status }',
  deleteTenant: 'tenant { status }',
  inviteMember: 'secret invitation { id }',
  resendInvitation: 'secret invitation { id }',
  revokeInvitation: 'invitation { status }',
  acceptInvitation: 'membership { id }',
  declineInvitation: 'declined',
  changeMemberRole: 'membership { role }',
  removeMember: 'membership { id }',
  switchTenant: 'membership { id }',
  addTenantDomain: 'domain { id recordName recordValue }',
  verifyTenantDomain: 'domain { verifiedAt }',
  removeTenantDomain: 'domain { id }',
};

type Verb = keyof typeof VERBS;

const toMutation = (verb: Verb) =>
  `mutation ($input: ${verb[0]?.toUpperCase()}${verb.slice(1)}Input!) { ${verb}(input: $input) { ${VERBS[verb]} } }`;
const LIST = '{ members(first: 100) { totalCount nodes { id role } } tenant { memberCount } }';

/** The product as one life of tenants meets it: people of its own, and the ids and secrets they were given. */
export async function createWorld(product: Product, dns: Dns) {
  const name = randomUUID().slice(0, 8);
  const domain = `d-${name}.example`;
  const people = await Promise.all(
    Array.from({ length: PEOPLE }, (_, i) =>
      addProven(product, `p${i}-${name}@${isAtDomain(i) ? domain : 'guest.test'}`),
    ),
  );
  const root = await product.tokenOf('root@tenantry.test');
  const tenantIds: string[] = [];
  const domainIds: string[] = [];
  const membershipIds = new Map<string, string>();
  const versions = new Map<string, number>();
  const offers: { readonly id: string; readonly secrets: string[] }[] = [];
  const tokens = new Map<string, Promise<string>>();

  const at = (person: number): Person => people[person] as Person;
  const slugOf = (house: number) => `h${house}-${name}`;

  function tokenFor(life: Life, bearer: Bearer): Promise<string> {
    const old = bearer.isOld ? tokens.get(toKey(bearer)) : undefined;
    if (old !== undefined) return old;
    const place = placeOf(life.houses[bearer.house], bearer.person);
    if (place === undefined) return Promise.resolve(at(bearer.person).token);
    const token = sign(bearer, place);
    tokens.set(toKey(bearer), token);
    return token;
  }
  const sign = (bearer: Bearer, { role }: Place) =>
    product.pool.signToken(
      toUserClaims(product, at(bearer.person).sub, {
        tenant_id: tenantIds[bearer.house],
        tenant_role: role,
        membership_version: versions.get(toKey(bearer)),
      }),
    );

  const say = (token: string, verb: Verb, input: object) => product.query(token, toMutation(verb), { input });
  const sayAs = async (life: Life, bearer: Bearer, verb: Verb, input: object) =>
    say(await tokenFor(life, bearer), verb, input);
  const create = (person: number, house: number, title: string) =>
    say(at(person).token, 'createTenant', { name: title, slug: slugOf(house) });
  const offerOf = (life: Life, fromEnd: number) => {
    const offer = toOffer(life, fromEnd);
    const known = offer && offers[life.offers.indexOf(offer)];
    if (known === undefined) throw new Error('no such invitation was answered');
    return known;
  };
  const secretOf = (life: Life, { offer, isFirst }: StepOf<'accept'> | StepOf<'decline'>) =>
    offerOf(life, offer).secrets.at(isFirst ? 0 : -1);
  const idOf = ({ house, person }: Member) => membershipIds.get(toKey({ person, house })) ?? randomUUID();
  const aboutDomain =
    (verb: Verb) =>
    (life: Life, { bearer }: { readonly bearer: Bearer }) =>
      sayAs(life, bearer, verb, { id: domainIds[bearer.house] ?? randomUUID() });

  const ACTS: { readonly [K in Kind]: (life: Life, step: StepOf<K>) => Promise<Answer | null> } = {
    create: async ({ houses }, { person }) => {
      const answer = await create(person, houses.length, 'New');
      tenantIds.push(answer.body.data?.createTenant.tenant.id);
      return answer;
    },
    createAgain: ({ houses }, { person, house }) => create(person, house, houses[house]?.name ?? ''),
    rename: (life, { bearer, name: title }) => sayAs(life, bearer, 'updateTenant', { name: title }),
    limit: (life, { bearer, memberLimit }) => sayAs(life, bearer, 'setTenantPolicy', { memberLimit }),
    open: (life, { bearer, joinByDomain }) => sayAs(life, bearer, 'setTenantPolicy', { joinByDomain }),
    suspend: (_, { house }) => say(root, 'suspendTenant', { tenantId: tenantIds[house] }),
    resume: (_, { house }) => say(root, 'resumeTenant', { tenantId: tenantIds[house] }),
    delete: (life, { bearer, isSlugRight }) =>
      sayAs(life, bearer, 'deleteTenant', { confirmSlug: isSlugRight ? slugOf(bearer.house) : 'another' }),
    invite: async (life, { bearer, to, role }) => {
      const answer = await sayAs(life, bearer, 'inviteMember', { email: at(to).email, role });
      if (codesOf(answer).length > 0) return answer;
      const { id, secret } = toInvited(answer);
      offers.push({ id, secrets: [secret] });
      return answer;
    },
    resend: async (life, { bearer, offer: fromEnd }) => {
      const { id, secrets } = offerOf(life, fromEnd);
      const answer = await sayAs(life, bearer, 'resendInvitation', { id });
      if (codesOf(answer).length === 0) secrets.push(toInvited(answer).secret);
      return answer;
    },
    revoke: (life, { bearer, offer }) => sayAs(life, bearer, 'revokeInvitation', { id: offerOf(life, offer).id }),
    accept: (life, step) => say(at(step.person).token, 'acceptInvitation', { secret: secretOf(life, step) }),
    decline: (life, step) => say(at(step.person).token, 'declineInvitation', { secret: secretOf(life, step) }),
    expire: async (life, { offer }) => {
      await expire(product, offerOf(life, offer));
      return null;
    },
    changeRole: (life, { bearer, member, role }) =>
      sayAs(life, bearer, 'changeMemberRole', { membershipId: idOf(member), role }),
    remove: (life, { bearer, member }) => sayAs(life, bearer, 'removeMember', { membershipId: idOf(member) }),
    leave: async (life, { bearer }) =>
      product.query(await tokenFor(life, bearer), 'mutation { leaveTenant { membership { id } } }'),
    switch: (_, { person, house }) => say(at(person).token, 'switchTenant', { tenantId: tenantIds[house] }),
    sayDomain: async (life, { bearer }) => {
      const answer = await sayAs(life, bearer, 'addTenantDomain', { domain });
      if (codesOf(answer).length > 0) return answer;
      const { id, recordName, recordValue } = answer.body.data.addTenantDomain.domain;
      domainIds[bearer.house] = id;
      dns.records.set(recordName, [...(dns.records.get(recordName) ?? []), recordValue]);
      return answer;
    },
    showDomain: aboutDomain('verifyTenantDomain'),
    dropDomain: aboutDomain('removeTenantDomain'),
    join: (_, { person }) => product.query(at(person).token, 'mutation { joinByDomain { membership { id } } }'),
    list: async (life, { bearer }) => product.query(await tokenFor(life, bearer), LIST),
  };

  return {
    /** Takes a step in the product, and says how it ended. */
    async take(life: Life, step: Step): Promise<{ readonly end: End; readonly answer: Answer | null }> {
      const act = ACTS[step.kind] as (life: Life, step: Step) => Promise<Answer | null>;
      const answer = await act(life, step);
      const [end = null] = (answer ? codesOf(answer) : []) as End[];
      return { end, answer };
    },

    /** What the database holds of this life, in the model's words. */
    async read() {
      const rows = await readHouses(product, tenantIds);
      return rows.map((row, house) => {
        people.forEach(({ sub }, person) => {
          const membershipId = row.ids[sub];
          if (membershipId !== undefined) membershipIds.set(toKey({ person, house }), membershipId);
          const version = row.versions[sub];
          if (version !== undefined) versions.set(toKey({ person, house }), version);
        });
        return toState(row, people, offers);
      });
    },
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
