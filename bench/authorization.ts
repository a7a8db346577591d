import { compareProducts, type ProductComparison } from './support/compare-products.ts';

const UNRULED = import.meta.resolve('./authorization/unruled.ts');
const NO_FIELD = { [import.meta.resolve('../src/graphql/directives/enforce.ts')]: UNRULED };
const NO_OPERATION = { [import.meta.resolve('../src/graphql/plugins/access-check.ts')]: UNRULED };

const AUTHORIZATION: ProductComparison = {
  name: 'authorization',
  about: `Measures over HTTP what the rules of the schema cost:
  on               the product as it is
  on again         the same in another process: a smaller difference than theirs says nothing
  operations only  a process that decides whole operations before they run, and nothing at their fields and rows
  off              a process that does neither; tokens are verified, verbs authorise, and row policies hold as ever`,
  against: 'off',
  limit: 1.05,
  startProducts: async (stage) => [
    { name: 'on', server: await stage.start('ruled') },
    { name: 'on again', server: await stage.start('ruled_again') },
    { name: 'operations only', server: await stage.start('half_ruled', NO_FIELD) },
    { name: 'off', server: await stage.start('unruled', { ...NO_FIELD, ...NO_OPERATION }) },
  ],
};

/** `args`: see `--help`. Throws Error with what to do. */
export function authorization(args: string[]): Promise<void> {
  return compareProducts(AUTHORIZATION, args);
}
