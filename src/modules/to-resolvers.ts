import { toCallerDomain } from '../domain/caller-domain.ts';
import type { Verb } from '../domain/verb.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { LoaderDefinitions } from '../graphql/loaders.ts';
import type { SchemaParts } from '../graphql/schema.ts';
import type { FieldResolver, Module, ModuleContext } from './module.ts';

type Resolvers = Extract<SchemaParts['resolvers'], readonly unknown[]>[number];

/** A module's resolvers, and each of its verbs as the mutation of its name: nothing of a module writes but through one. */
export function toResolvers({ resolvers, verbs }: Module): Resolvers {
  const types = Object.entries(resolvers).map(([type, fields]) => [type, mapValues(fields, withCallerDomain)] as const);
  const mutations = mapValues(verbs, toMutation);
  return Object.fromEntries(Object.keys(verbs).length === 0 ? types : [...types, ['Mutation', mutations] as const]);
}

function toMutation(verb: Verb) {
  return (_source: unknown, { input }: { readonly input: unknown }, { domain }: GraphQLContext) => verb(domain, input);
}

type Context = ModuleContext<LoaderDefinitions>;

const contexts = new WeakMap<GraphQLContext, Context>();

function withCallerDomain(resolve: FieldResolver<never>) {
  return (source: unknown, args: unknown, context: GraphQLContext) => {
    const known = contexts.get(context) ?? toModuleContext(context);
    contexts.set(context, known);
    // A context with every loader of the module is what it is called with: both come from the same joining.
    return resolve(source, args, known as never);
  };
}

// Asked for late: a stranger's context has no domain, and throws for whoever asks.
function toModuleContext(context: GraphQLContext): Context {
  return Object.create(context, { domain: { get: () => toCallerDomain(context.domain) } });
}

function mapValues<Value, Mapped>(record: Readonly<Record<string, Value>>, map: (value: Value) => Mapped) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
