import type { Registry } from '../../src/access/registry.ts';
import type { Config } from '../../src/config.ts';
import { type BuiltSchema, buildSchema } from '../../src/graphql/schema.ts';
import { joinModules } from '../../src/modules/join-modules.ts';
import { loadModules } from '../../src/modules/load-modules.ts';

export type Contract = BuiltSchema & { readonly registry: Registry };

/** What a product with this configuration enforces, its modules included. Throws StartupError as the product would. */
export async function buildContract({ MODULES }: Pick<Config, 'MODULES'>): Promise<Contract> {
  const { schema } = joinModules(await loadModules(MODULES));
  return { ...buildSchema(schema), registry: schema.registry };
}
