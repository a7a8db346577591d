import type { CallerDomain } from '../domain/caller-domain.ts';
import type { Verb } from '../domain/verb.ts';
import { StartupError } from '../errors.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { LoaderDefinitions, Loaders, LoadersOf } from '../graphql/loaders.ts';

/** What a module's resolvers are handed: Tenantry's own context, with the module's loaders beside the others. */
export type ModuleContext<Definitions extends LoaderDefinitions> = Omit<GraphQLContext, 'domain' | 'loaders'> & {
  readonly domain: CallerDomain;
  readonly loaders: Loaders & LoadersOf<Definitions>;
};

// A resolver says itself which rows it takes; nothing else than its own noun's ever reaches it.
// biome-ignore lint/suspicious/noExplicitAny: a map of resolvers for many types has no one source
export type FieldResolver<Context> = (source: any, args: any, context: Context) => unknown;

export type ModuleResolvers<Context> = Readonly<Record<string, Readonly<Record<string, FieldResolver<Context>>>>>;

/**
 * A team's own nouns. Everything that holds for Tenantry's own holds for them: rules that must be written, rows checked
 * against their tenant, row policies, limits, the access matrix, audit events.
 */
export type Module = {
  /** For messages: lower case, with dashes. */
  readonly name: string;
  /** Holds `*.graphql`, and `migrations/<14 digits>_<word>/migration.sql`. `import.meta.dirname` of the module. */
  readonly folder: string;
  /** Pool groups that its rules name, beside Tenantry's. */
  readonly groups: readonly string[];
  /** Scopes that its rules name: `resource-server/what`. */
  readonly scopes: readonly string[];
  /** For fields of Query and of its types. Mutations are verbs. */
  readonly resolvers: ModuleResolvers<never>;
  readonly loaders: LoaderDefinitions;
  /** One for each field of Mutation that it adds, under the field's name. */
  readonly verbs: Readonly<Record<string, Verb>>;
};

export type ModuleDefinition<Definitions extends LoaderDefinitions> = Pick<Module, 'name' | 'folder'> &
  Partial<Pick<Module, 'groups' | 'scopes' | 'verbs'>> & {
    readonly loaders?: Definitions;
    readonly resolvers: ModuleResolvers<ModuleContext<NoInfer<Definitions>>>;
  };

const modules = new WeakSet<object>();

/**
 * A module, for `createApp` and MODULES. Its resolvers see the loaders that it defines. Throws StartupError for a part left
 * out.
 */
export function defineModule<Definitions extends LoaderDefinitions = Readonly<Record<never, never>>>(
  definition: ModuleDefinition<Definitions>,
): Module {
  const { name, folder, resolvers } = definition;
  if (typeof name !== 'string' || typeof folder !== 'string' || typeof resolvers !== 'object') {
    throw new StartupError(
      "defineModule lacks name, folder or resolvers; write name: '…', folder: import.meta.dirname, resolvers: { … }",
    );
  }
  const module = { groups: [], scopes: [], verbs: {}, loaders: {}, ...definition };
  if (!Array.isArray(module.groups) || !Array.isArray(module.scopes)) {
    throw new StartupError(`defineModule of ${name}: groups and scopes are lists; write scopes: ['${name}/read']`);
  }
  modules.add(module);
  return module;
}

/** Whether `defineModule` made it. */
export function isModule(value: unknown): value is Module {
  return typeof value === 'object' && value !== null && modules.has(value);
}
