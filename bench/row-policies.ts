import { parseArgs } from 'node:util';
import { takeRounds } from './row-policies/rounds.ts';
import { setStage } from './row-policies/stage.ts';
import { summarize, toTable } from './row-policies/summary.ts';

const USAGE = `npm run bench -- row-policies [options]

Measures over HTTP what row policies cost, in one run on one database: a tenant of many members and 200 small ones.
  on            the product as it is
  policies off  the same process, row level security switched off on every table, the scope still sent
  no scope      a process whose store sends pg's own prepared query and nothing else, policies off
The three take turns, and their order turns round each time. The server process is the bottleneck, so the time of a
request is 1 / throughput; on a machine that does other work, trust the CPU it takes in Node and PostgreSQL together.
Exit code 1 when "on" takes more than --limit times as long as "policies off".

  --rounds <n>       rounds of each (6)
  --seconds <n>      seconds of a measured round, after one of warming up (5)
  --members <n>      members of the large tenant (200000)
  --limit <ratio>    (1.15)
  --postgres <dir>   folder of PostgreSQL's programs (/usr/lib/postgresql/15/bin)
  --json             every figure as JSON on stdout; progress goes to stderr`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  rounds: { type: 'string', default: '6' },
  seconds: { type: 'string', default: '5' },
  members: { type: 'string', default: '200000' },
  limit: { type: 'string', default: '1.15' },
  postgres: { type: 'string', default: '/usr/lib/postgresql/15/bin' },
} as const;

/** `args`: see the usage above. Throws Error with what to do. */
export async function rowPolicies(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return console.log(USAGE);
  const population = { bigTenantMembers: toCount(values.members), otherTenants: 200, otherMembers: 50 };
  const plan = { rounds: toCount(values.rounds), durationMs: toCount(values.seconds) * 1000 };
  const limit = toNumber(values.limit);

  console.error('starting PostgreSQL and filling the database');
  await using stage = await setStage(values.postgres, population);
  const samples = await takeRounds(stage, plan, (line) => console.error(line));
  const summary = summarize(samples);
  console.log(values.json ? JSON.stringify({ ...plan, population, summary, samples }, null, 2) : toTable(summary));
  if (summary.some(({ onTakes }) => onTakes['policies off'].time > limit)) {
    console.error(`Row policies cost more than ${limit} times the time without.`);
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
