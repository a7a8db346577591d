import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../src/config.ts';
import { type Finding, GRACE_MS, reconcile } from '../src/jobs/reconcile.ts';
import { SYSTEM } from '../src/store/scope.ts';
import { type Checkpoint, readCheckpoint, removeCheckpoint, writeCheckpoint } from './reconcile/checkpoint.ts';
import { openParties, type Parties } from './reconcile/open-parties.ts';
import { count, countLeft, toLine, toSummary } from './reconcile/report.ts';

const USAGE = `npm run -s reconcile

Compares the users of the pool with the profiles in the database, and says what differs: profiles that are missing,
confirmations that were lost, users who are gone from the pool, deletions it was not told of, changed addresses, the default
group lost, users kept out by one alone; and machine clients that are at one of the two alone.

  --apply          repairs it: profiles at once, the pool through the outbox of the running product
  --resume         goes on with the run that was ended, as it was begun
  --state <path>   where it notes how far it has come (LOCAL_DIR/reconcile.json)
  --rate <number>  requests a second to the pool, of each kind (10)
  --skip-groups    leaves groups alone, which cost a request for each user
  --json           for machines: a line for each finding, and one for the summary

Without COGNITO_USER_POOL_ID it looks at the product that runs with a local pool. Exit code: 0 nothing is left to do,
2 something differs, 1 a mistake.`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  apply: { type: 'boolean', default: false },
  resume: { type: 'boolean', default: false },
  state: { type: 'string' },
  rate: { type: 'string', default: '10' },
  'skip-groups': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Options = ReturnType<typeof parseOptions>;

const parseOptions = () => parseArgs({ options: OPTIONS }).values;

const COUNT = { name: 'reconcile-count-users', text: 'select count(*) as count from users' };
// A part of a few thousand users is soon read, and few parts are empty.
const USERS_A_PART = 4_000;
const MAX_DEPTH = 4;

async function run(config: Config, options: Options): Promise<boolean> {
  await using parties = openParties(config, toRate(options.rate));
  const path = options.state ?? join(config.LOCAL_DIR, 'reconcile.json');
  const begun = options.resume ? await readCheckpoint(path, parties.userPool.id) : await begin(parties, options.apply);
  const print = options.json ? (finding: Finding) => JSON.stringify(finding) : toLine;
  const checkpoint = { ...begun, tally: { ...begun.tally } };
  await reconcile({
    ...parties,
    ...checkpoint,
    defaultGroup: config.DEFAULT_GROUP,
    asksGroups: !options['skip-groups'],
    graceMs: GRACE_MS,
    onFinding: (finding) => {
      count(checkpoint.tally, finding);
      console.log(print(finding));
    },
    onPart: async ({ part, parts, users }) => {
      checkpoint.from = part;
      checkpoint.users += users;
      await writeCheckpoint(path, checkpoint);
      console.error(`part ${part} of ${parts}: ${checkpoint.users} users compared`);
    },
  });
  await removeCheckpoint(path);
  const { users, tally } = checkpoint;
  console.log(options.json ? JSON.stringify({ users, tally }) : toSummary(users, tally));
  return countLeft(tally) === 0;
}

async function begin({ database, userPool }: Parties, apply: boolean): Promise<Checkpoint> {
  const [row] = await database.query<{ readonly count: number }>(SYSTEM, COUNT);
  const depth = Math.ceil(Math.log((row?.count ?? 0) / USERS_A_PART + 1) / Math.log(16));
  return { poolId: userPool.id, apply, depth: Math.min(depth, MAX_DEPTH), from: 0, users: 0, tally: {} };
}

function toRate(text: string): number {
  const rate = Number(text);
  if (!Number.isInteger(rate) || rate < 1) throw new Error('--rate takes a whole number of requests a second.');
  return rate;
}

try {
  const options = parseOptions();
  if (options.help) console.log(USAGE);
  else process.exitCode = (await run(readConfig(process.env), options)) ? 0 : 2;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
