import { authorization } from './authorization.ts';
import { cutoffs } from './cutoffs.ts';
import { largeTenant } from './large-tenant.ts';
import { rowPolicies } from './row-policies.ts';
import { tokenCache } from './token-cache.ts';

const USAGE = `npm run bench -- <measurement> [options]

Measurements ("--help" after one says more):
  authorization  what the rules of the schema cost, over HTTP
  cutoffs        what it costs to hold 100 000 ended sessions, in memory and over HTTP
  large-tenant   how long pages and searches take among a million members
  row-policies   what forced row policies cost, over HTTP
  token-cache    what a token costs the first time and again`;

const MEASUREMENTS: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  authorization,
  cutoffs,
  'large-tenant': largeTenant,
  'row-policies': rowPolicies,
  'token-cache': tokenCache,
};

const [name = '--help', ...args] = process.argv.slice(2);
const measure = Object.hasOwn(MEASUREMENTS, name) ? MEASUREMENTS[name] : undefined;
try {
  if (measure) await measure(args);
  else if (name === '--help' || name === '-h') console.log(USAGE);
  else throw new Error(`There is no measurement "${name}".\n\n${USAGE}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
