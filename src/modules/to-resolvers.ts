import type { Verb } from '../domain/verb.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { SchemaParts } from '../graphql/schema.ts';
import type { Module, ModuleResolvers } from './module.ts';

type Resolvers = Extract<SchemaParts['resolvers'], readonly unknown[]>[number];

/** A module's resolvers, and each of its verbs as the mutation of its name: nothing of a module writes but through one. */
export function toResolvers({ resolvers, verbs }: Module): Resolvers {
  const mutations = Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, toMutation(verb)]));
  // A context with every loader of the module is what they are called with: both come from the same joining.
  const fields = resolvers as ModuleResolvers<GraphQLContext>;
  return Object.keys(mutations).length === 0 ? fields : { ...fields, Mutation: mutations };
}

function toMutation(verb: Verb) {
  return (_source: unknown, { input }: { readonly input: unknown }, { domain }: GraphQLContext) => verb(domain, input);
}
