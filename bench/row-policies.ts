import { setPolicies } from './row-policies/set-policies.ts';
import { type Comparison, compare } from './support/compare.ts';
import type { Conditions } from './support/rounds.ts';
import type { Stage } from './support/stage.ts';

const WITHOUT_SCOPE = {
  [import.meta.resolve('../src/store/scoped-query.ts')]: import.meta.resolve('./row-policies/plain-query.ts'),
};

const ROW_POLICIES: Comparison = {
  name: 'row-policies',
  about: `Measures over HTTP what row policies cost:
  on            the product as it is
  policies off  the same process, row level security switched off on every table, the scope still sent
  no scope      a process whose store sends pg's own prepared query and nothing else, policies off`,
  against: 'policies off',
  limit: 1.15,
  setConditions,
};

/** `args`: see `--help`. Throws Error with what to do. */
export function rowPolicies(args: string[]): Promise<void> {
  return compare(ROW_POLICIES, args);
}

async function setConditions(stage: Stage): Promise<Conditions> {
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
}
