import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { stampOf, stampRow } from '../../../src/store/stamp.ts';
import { ACME, anAdmin, aUser } from '../../unit/access/fixtures.ts';
import { aWorld } from '../../unit/directives/world.ts';

type Person = { readonly id: string; readonly email?: string; readonly home?: { readonly street: string } };

const EMAIL = 'mia@acme.test';
const SCOPE = { reach: 'TENANT', tenantId: ACME, userId: 'mia' } as const;
const toPicture = vi.fn(({ email }: Person) => (email ? createHash('sha256').update(email).digest('hex') : null));
const toGreeting = vi.fn((person: Person) => `Hello ${person.home?.street ?? 'there'}`);
const findPerson = vi.fn<() => object>();

const world = aWorld(
  `type Query { person: Person @auth }
  type Person @auth {
    id: ID
    email: String @auth(groups: ["Admins"])
    home: Home
    picture: String
    greeting: String
    copy: Person
    address: String @auth(groups: ["Admins"])
  }
  type Home @auth(groups: ["Admins"]) { street: String }`,
  {
    Query: { person: () => findPerson() },
    Person: {
      picture: toPicture,
      greeting: toGreeting,
      copy: (person: Person) => ({ ...person }),
      address: ({ email }: Person) => email,
    },
  },
);

class StoredPerson {
  readonly id = '1';
  get email(): string {
    return EMAIL;
  }
}

describe('GHSA-m8jr-fxqx-8xx6 (Apollo Federation): an open field told what a closed one it was computed from holds', () => {
  beforeEach(() => {
    vi.clearAllMocks();
    findPerson.mockReturnValue({ id: '1', email: EMAIL, home: { street: 'Elm Street' } });
  });

  it('its resolver is not handed the closed value of the row', async () => {
    const { data, refusals } = await world.ask(aUser(), '{ person { id picture } }');
    expect({ data, refusals }).toEqual({ data: { person: { id: '1', picture: null } }, refusals: [] });
    expect(toPicture.mock.lastCall?.[0]).toMatchObject({ id: '1', email: undefined });
  });

  it('nor the object behind a field whose type is closed', async () => {
    expect((await world.ask(aUser(), '{ person { greeting } }')).data).toEqual({ person: { greeting: 'Hello there' } });
  });

  it('nor what a getter of the row would give', async () => {
    findPerson.mockReturnValue(new StoredPerson());
    expect((await world.ask(aUser(), '{ person { id picture } }')).data).toEqual({
      person: { id: '1', picture: null },
    });
  });

  it('nor does the closed value come back by a copy of the row', async () => {
    const { data, refusals } = await world.ask(aUser(), '{ person { copy { picture email } } }');
    expect(data).toEqual({ person: { copy: { picture: null, email: null } } });
    expect(refusals).toEqual(['FORBIDDEN at person.copy.email']);
  });

  it('whoever may read the closed field gets both', async () => {
    const { data } = await world.ask(anAdmin(), '{ person { email picture greeting } }');
    expect(data).toEqual({
      person: { email: EMAIL, picture: expect.stringMatching(/^\w{64}$/), greeting: 'Hello Elm Street' },
    });
  });

  it('a field under the same rule is handed everything', async () => {
    expect((await world.ask(anAdmin(), '{ person { address } }')).data).toEqual({ person: { address: EMAIL } });
  });

  it('the row a resolver is handed still says under which reach it was read', async () => {
    findPerson.mockReturnValue(stampRow({ id: '1', email: EMAIL }, SCOPE));
    await world.ask(aUser(), '{ person { picture } }');
    expect(stampOf(toPicture.mock.lastCall?.[0] ?? {})).toBe(SCOPE);
  });

  it('the row itself is left as it was', async () => {
    const row = Object.freeze({ id: '1', email: EMAIL });
    findPerson.mockReturnValue(row);
    await world.ask(aUser(), '{ person { picture } }');
    expect(row).toEqual({ id: '1', email: EMAIL });
  });

  it('a field that is open to everyone cannot stand beside a closed one', () => {
    const sdl = 'type Query { a: A @public } type A { email: String @auth  picture: String @public }';
    expect(() => aWorld(sdl, {})).toThrow('A.email: has no rule; write @public here too, or @auth on A alone');
  });
});
