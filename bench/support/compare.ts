import { parseArgs } from 'node:util';
import type { Population } from './population.ts';
import { type Conditions, takeRounds } from './rounds.ts';
import { type Stage, setStage } from './stage.ts';
import { summarize, toTable } from './summary.ts';

/** A measurement of one condition against others. */
export type Comparison = {
  readonly name: string;
  /** What is measured, with a line for each condition. */
  readonly about: string;
  /** The condition that is measured, the one it is held to, and how many times as long it may take. */
  readonly measured: string;
  readonly against: string;
  readonly limit: number;
  readonly population: Population;
  readonly operations: readonly string[];
  readonly setConditions: (stage: Stage, population: Population) => Promise<Conditions>;
};

const toUsage = ({
  name,
  about,
  measured,
  against,
  limit,
  population,
  operations,
}: Comparison) => `npm run bench -- ${name} [options]

${about}
They take turns on one database, a tenant of many members and ${population.otherTenants} small ones, and their order turns round each time. The
server process is the bottleneck, so the time of a request is 1 / throughput; on a machine that does other work, trust
the CPU it takes in Node and PostgreSQL together.
Exit code 1 when "${measured}" takes more than --limit times as long as "${against}".

  --rounds <n>       rounds of each (6)
  --seconds <n>      seconds of a measured round, after one of warming up (5)
  --only <operation> one of ${operations.join(', ')}
  --members <n>      members of the large tenant (${population.bigTenantMembers})
  --limit <ratio>    (${limit})
  --postgres <dir>   folder of PostgreSQL's programs (/usr/lib/postgresql/15/bin)
  --json             every figure as JSON on stdout; progress goes to stderr`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  rounds: { type: 'string', default: '6' },
  seconds: { type: 'string', default: '5' },
  only: { type: 'string' },
  members: { type: 'string' },
  limit: { type: 'string' },
  postgres: { type: 'string', default: '/usr/lib/postgresql/15/bin' },
} as const;

/** `args`: see the usage above. Throws Error with what to do. */
export async function compare(comparison: Comparison, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return console.log(toUsage(comparison));
  const { measured, against } = comparison;
  const operations = comparison.operations.filter((operation) => [operation, undefined].includes(values.only));
  if (operations.length === 0) throw new Error(`There is no operation "${values.only}".`);
  const bigTenantMembers =
    values.members === undefined ? comparison.population.bigTenantMembers : toCount(values.members);
  const population = { ...comparison.population, bigTenantMembers };
  const plan = { rounds: toCount(values.rounds), durationMs: toCount(values.seconds) * 1000 };
  const limit = values.limit === undefined ? comparison.limit : toNumber(values.limit);

  console.error('starting PostgreSQL and filling the database');
  await using stage = await setStage(values.postgres, population);
  const conditions = await comparison.setConditions(stage, population);
  const samples = await takeRounds(stage.load, operations, conditions, plan, (line) => console.error(line));
  const names = conditions.map(({ name }) => name);
  const summary = summarize(samples, names);
  console.log(
    values.json ? JSON.stringify({ ...plan, population, summary, samples }, null, 2) : toTable(summary, measured),
  );
  const isWithin = summary.every(({ takes }) => (takes[against]?.time ?? Number.NaN) <= limit);
  if (!isWithin) {
    console.error(`"${measured}" takes more than ${limit} times as long as "${against}".`);
    process.exitCode = 1;
  }
}

function toCount(text: string): number {
  const count = toNumber(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`"${text}" is not a whole number above 0.`);
  return count;
}

function toNumber(text: string): number {
  const number = Number(text);
  if (text === '' || Number.isNaN(number)) throw new Error(`"${text}" is not a number.`);
  return number;
}
