import { setPolicies } from './row-policies/set-policies.ts';
import { compareProducts, type ProductComparison } from './support/compare-products.ts';

const WITHOUT_SCOPE = {
  [import.meta.resolve('../src/store/scoped-query.ts')]: import.meta.resolve('./row-policies/plain-query.ts'),
};

const startProducts: ProductComparison['startProducts'] = async (stage) => {
  const scoped = await stage.start('scoped');
  const plain = await stage.start('plain', WITHOUT_SCOPE);
  // Only now: at its start the product refuses a login with rights of its own.
  await stage.asOwner((owner) =>
    owner.query('grant usage on schema public to plain; grant select on all tables in schema public to plain'),
  );
  const switchOff = () => setPolicies(stage, false);
  return [
    { name: 'on', server: scoped, prepare: () => setPolicies(stage, true) },
    { name: 'policies off', server: scoped, prepare: switchOff },
    { name: 'no scope', server: plain, prepare: switchOff },
  ];
};

const ROW_POLICIES: ProductComparison = {
  name: 'row-policies',
  about: `Measures over HTTP what row policies cost:
  on            the product as it is
  policies off  the same process, row level security switched off on every table, the scope still sent
  no scope      a process whose store sends pg's own prepared query and nothing else, policies off`,
  against: 'policies off',
  limit: 1.15,
  startProducts,
};

/** `args`: see `--help`. Throws Error with what to do. */
export function rowPolicies(args: string[]): Promise<void> {
  return compareProducts(ROW_POLICIES, args);
}
