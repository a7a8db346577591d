import { buildASTSchema, type GraphQLFieldConfig, GraphQLString, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compilePlan } from '../../../src/access/plan.ts';
import { REGISTRY } from '../../../src/access/registry.ts';
import type { CallerContext } from '../../../src/graphql/directives/resolver.ts';
import { closedBeside, withhold } from '../../../src/graphql/directives/withhold.ts';
import { aUser, DIRECTIVES } from '../access/fixtures.ts';
import { aContext } from './world.ts';

const schema = buildASTSchema(
  parse(`${DIRECTIVES}
    scalar Seal
    type Query { open: Note @auth  staff: Note @auth(groups: ["Admins"]) }
    type Mutation { open: Note @auth  staff: Note @auth(groups: ["Admins"]) }
    type Note @auth { text: String  pin: String @auth(mfa: true)  digest: String  code: String @auth(groups: ["Admins"]) }
  `),
);
const plan = compilePlan(schema, REGISTRY);
const closed = closedBeside(schema, plan, 'Note', 'digest');

/** What the resolver of the open field `digest` is handed for this source. */
async function handedTo(principal: ReturnType<typeof aUser>, source: unknown): Promise<unknown> {
  const field: GraphQLFieldConfig<unknown, CallerContext> = { type: GraphQLString, resolve: (given) => given };
  const { resolve } = withhold(field, closed);
  const info = { path: { prev: undefined, key: 'digest', typename: 'Note' } };
  return resolve?.(source, {}, aContext(principal), info as never);
}

describe('the fields closed beside a field', () => {
  it('are those that ask for more, and not its equals', () => {
    expect(closed.map(({ name }) => name)).toEqual(['pin', 'code']);
    expect(closedBeside(schema, plan, 'Note', 'code').map(({ name }) => name)).toEqual(['pin']);
  });

  it.each(['Query', 'Mutation'])('are none on %s, which is computed from no row', (root) => {
    expect(closedBeside(schema, plan, root, 'open')).toEqual([]);
  });
});

describe('a resolver beside closed fields', () => {
  const row = { text: 'hello', pin: '1234', code: 'x' };

  it('is handed the row without what the caller may not read', async () => {
    const handed = await handedTo(aUser({ groups: ['Admins'], mfa: false }), row);
    expect(handed).toEqual({ text: 'hello', pin: undefined, code: 'x' });
    expect(row.pin).toBe('1234');
  });

  it('is handed the row itself where the caller may read it all', async () => {
    expect(await handedTo(aUser({ groups: ['Admins'], mfa: true }), row)).toBe(row);
  });

  it('is handed nothing of what a prototype would bring to light', async () => {
    class Note {
      readonly text = 'hello';
      get pin(): string {
        return '1234';
      }
    }
    expect(await handedTo(aUser({ mfa: false }), new Note())).toMatchObject({ text: 'hello', pin: undefined });
  });

  it.each([[null], [undefined], ['text'], [7]])('is handed %o as it is', async (source) => {
    expect(await handedTo(aUser({ mfa: false }), source)).toBe(source);
  });
});

describe('a field is left as it is', () => {
  it('without a resolver of its own, or with nothing closed beside it', () => {
    const plain = { type: GraphQLString };
    const computed = { type: GraphQLString, resolve: () => 'text' };
    expect(withhold(plain, closed)).toBe(plain);
    expect(withhold(computed, [])).toBe(computed);
  });
});
