import { join } from 'node:path';
import { REGISTRY, type Registry } from '../access/registry.ts';
import { LOADERS, type LoaderDefinitions } from '../graphql/loaders.ts';
import { resolvers } from '../graphql/resolvers/index.ts';
import { loadTypeDefs, type SchemaParts } from '../graphql/schema.ts';
import { assertModules } from './assert-modules.ts';
import type { Module } from './module.ts';
import { toResolvers } from './to-resolvers.ts';

/** Tenantry with the nouns of modules: what a schema, its rules and a database are made from. */
export type Joined = {
  readonly schema: SchemaParts;
  readonly loaders: LoaderDefinitions;
  /** Folders of migrations beside Tenantry's own. */
  readonly migrations: readonly string[];
};

const SCHEMA_FOLDER = join(import.meta.dirname, '..', '..', 'schema');

/** Throws StartupError with a line for everything in a module that would not be held to. */
export function joinModules(modules: readonly Module[]): Joined {
  const own = loadTypeDefs(SCHEMA_FOLDER);
  const added = modules.map((module) => ({ module, typeDefs: loadTypeDefs(module.folder) }));
  assertModules(own, added);
  return {
    schema: {
      typeDefs: [...own, ...added.flatMap(({ typeDefs }) => typeDefs)],
      resolvers: [...resolvers, ...modules.map(toResolvers)],
      registry: toRegistry(modules),
    },
    loaders: Object.assign({}, LOADERS, ...modules.map(({ loaders }) => loaders)),
    migrations: toMigrationFolders(modules),
  };
}

function toRegistry(modules: readonly Module[]): Registry {
  return {
    ...REGISTRY,
    groups: [...REGISTRY.groups, ...modules.flatMap(({ groups }) => groups)],
    scopes: [...REGISTRY.scopes, ...modules.flatMap(({ scopes }) => scopes)],
  };
}

export function toMigrationFolders(modules: readonly Module[]): readonly string[] {
  return modules.map(({ folder }) => join(folder, 'migrations'));
}
