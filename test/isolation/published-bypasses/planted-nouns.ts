import { v7 as uuidv7 } from 'uuid';
import type { GraphQLContext } from '../../../src/graphql/context.ts';
import { resolvers } from '../../../src/graphql/resolvers/index.ts';
import { loadTypeDefs, type SchemaParts } from '../../../src/graphql/schema.ts';
import { SYSTEM } from '../../../src/store/scope.ts';

const ADMINS = '@auth(groups: ["Admins"])';

/** Nouns with a closed side each, as a team could write them beside Tenantry's own. */
const SDL = `
  extend type Query { box: Box @auth  find: Find @auth  leaf: Leaf @auth  openHint: String @public }
  extend type Mutation {
    makeBox: Box @auth
    makeFind: Find @auth
    makeVault: Vault @auth
    makeLeaf: MakeLeafPayload @auth
    sealVault: Boolean ${ADMINS}
  }
  type MakeLeafPayload { leaf: Leaf  secret: String ${ADMINS} }
  interface Box ${ADMINS} { label: String }
  type Vault implements Box ${ADMINS} { label: String  code: String }
  type Leaf @auth { hint: String  secret: String ${ADMINS}  deep: Leaf }
  union Find = Leaf | Vault
`;

/** Every call of a planted resolver, by the name of its field. */
export type Calls = string[];

/** The product's own schema with these nouns. Every mutation of theirs writes a tenant before it answers. */
export function withPlantedNouns(calls: Calls): Pick<SchemaParts, 'typeDefs' | 'resolvers'> {
  const vault = { __typename: 'Vault', label: 'vault', code: 'top secret' };
  const leaf = { __typename: 'Leaf', secret: 'top secret', deep: { secret: 'top secret' } };
  const tell = (name: string, value: unknown) => () => {
    calls.push(name);
    return value;
  };
  const write =
    (name: string, value: unknown) =>
    async (_: unknown, _args: object, { domain }: GraphQLContext) => {
      calls.push(name);
      const id = uuidv7();
      await domain.database.transaction(SYSTEM, (tx) => tx.tenant.create({ data: { id, slug: id, name: 'planted' } }));
      return value;
    };
  const planted = {
    Query: {
      box: tell('box', vault),
      find: tell('find', vault),
      leaf: tell('leaf', leaf),
      openHint: (_: unknown, _args: object, { domain }: GraphQLContext) => domain.principal.subject,
    },
    Mutation: {
      makeBox: write('makeBox', vault),
      makeFind: write('makeFind', vault),
      makeVault: write('makeVault', vault),
      makeLeaf: write('makeLeaf', { leaf, secret: 'top secret' }),
      sealVault: write('sealVault', true),
    },
    Leaf: { hint: ({ secret }: { readonly secret?: string }) => `begins with ${secret?.slice(0, 3)}` },
    Vault: { code: tell('code', 'top secret') },
  };
  return { typeDefs: [...loadTypeDefs('schema'), SDL], resolvers: [resolvers, planted].flat() };
}
