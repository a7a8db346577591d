import { beforeEach, describe, expect, it } from 'vitest';
import { anAdmin, aUser } from '../../unit/access/fixtures.ts';
import { aWorld, createRecorder } from '../../unit/directives/world.ts';

const { ran, record } = createRecorder();
const read = record('secret', () => 'top secret');

class Resolvers {
  byClass(): string {
    return read();
  }
}

const FIELDS = {
  byFunction: () => read(),
  byAsyncFunction: async () => read(),
  byConfig: { resolve: () => read() },
  byBoundMethod: Resolvers.prototype.byClass,
};
/** What the parent brings along: default resolvers read or call it. */
const PARENT = {
  byProperty: 'top secret',
  byMethod: () => read(),
  byPromise: Promise.resolve('top secret'),
  get byGetter() {
    return read();
  },
};
const NAMES = [...Object.keys(FIELDS), ...Object.keys(PARENT)];

const world = aWorld(
  `type Query { user: User @auth  users: [User!] @auth }
  type User @auth { name: String  ${NAMES.map((name) => `${name}: String @auth(groups: ["Admins"])`).join('  ')} }`,
  { Query: { user: () => PARENT, users: () => [PARENT, PARENT] }, User: FIELDS },
);

describe('NestJS #295 (nestjs/graphql): a guard on a field of an object was written down and never run', () => {
  beforeEach(() => {
    ran.length = 0;
  });

  it.each(NAMES)('a field resolved %s runs its rule first', async (name) => {
    const { data, refusals } = await world.ask(aUser(), `{ user { ${name} } }`);
    expect({ data, refusals }).toEqual({ data: { user: { [name]: null } }, refusals: [`FORBIDDEN at user.${name}`] });
    expect(ran).toEqual([]);
  });

  it('and runs it for every item of a list', async () => {
    const { refusals } = await world.ask(aUser(), '{ users { byMethod } }');
    expect(refusals).toEqual(['FORBIDDEN at users.0.byMethod', 'FORBIDDEN at users.1.byMethod']);
    expect(ran).toEqual([]);
  });

  it.each(NAMES)('a field resolved %s is read by whoever may', async (name) => {
    expect((await world.ask(anAdmin(), `{ user { ${name} } }`)).data).toEqual({ user: { [name]: 'top secret' } });
  });
});
