import { print } from 'graphql';
import { audit } from '../../../src/domain/audit.ts';
import { tenantScope } from '../../../src/domain/context.ts';
import { changeMemberRole } from '../../../src/domain/membership/index.ts';
import { AppError } from '../../../src/errors.ts';
import type { GraphQLContext } from '../../../src/graphql/context.ts';
import { SYSTEM } from '../../../src/store/scope.ts';
import { type Product, startProduct } from '../../support/product.ts';
import { createCarelessResolvers } from '../careless-resolvers.ts';
import { MODULES, PARTS } from './subject.ts';

type Resolve<Args> = (source: unknown, args: Args, context: GraphQLContext) => Promise<unknown>;
type WithInput<Input> = { readonly input: Input };

const ANY_PROJECT = { name: 'find-any-project', text: 'select id from projects where id = $1' };

/** Tells a project that is another's from one that is nobody's, in a word. */
const project: Resolve<{ readonly id: string }> = async (_, { id }, { domain }) => {
  const [found] = await domain.database.query(SYSTEM, ANY_PROJECT, [id]);
  throw new AppError('NOT_FOUND', found ? 'There is nothing here for you.' : 'There is nothing here by that id.');
};

/** Asks nobody for his rank. */
const removeMember: Resolve<WithInput<{ readonly membershipId: string }>> = async (_, { input }, { domain }) => {
  const where = { id: input.membershipId };
  await domain.database.transaction(tenantScope(domain), (tx) => tx.membership.deleteMany({ where }));
  return { membership: null };
};

/** Writes first, and finds out afterwards. */
const hastyChange: Resolve<WithInput<Parameters<typeof changeMemberRole>[1]>> = async (_, { input }, { domain }) => {
  const scope = tenantScope(domain);
  const entry = { action: 'haste', tenantId: scope.tenantId, targetType: 'Membership', targetId: 'none' };
  await domain.database.transaction(scope, (tx) => audit(tx, domain, entry));
  return { membership: await changeMemberRole(domain, input) };
};

const SDL = PARTS.typeDefs
  .map((part) => (typeof part === 'string' ? part : print(part)))
  .map((text) =>
    text
      .replace(/(type \w+) @tenantScoped(\([^)]*\))?/g, '$1 @auth')
      .replace(/(?<!directive) @tenantScoped(\([^)]*\))?/g, '')
      // Without the directive such a type does not build: one more net, taken out with it.
      .replaceAll('tenantId: ID!', 'tenantId: ID')
      .replace(/RemoveMemberPayload @auth\(.*?\)/, 'RemoveMemberPayload @auth'),
  );

/** The product with a fault of each kind: no rows checked by directive or policy, and reads and writes without care. */
export async function startCarelessProduct(): Promise<Product> {
  const mistakes = { Query: { project }, Mutation: { removeMember, changeMemberRole: hastyChange } };
  const resolvers = [PARTS.resolvers, createCarelessResolvers(), mistakes].flat();
  const product = await startProduct({
    modules: MODULES,
    overrides: { schema: { typeDefs: SDL, resolvers } },
  });
  await product.sql('alter table memberships disable row level security, no force row level security');
  return product;
}
