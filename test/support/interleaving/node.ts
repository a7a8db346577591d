/** One node of the product with its callers, in a process of its own: interleave.ts gives it the order. */
import { join } from 'node:path';
import { answerParent } from '../../../bench/support/child.ts';
import { type App, type AppOptions, createApp } from '../../../src/app.ts';
import { resolvers } from '../../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../../src/graphql/schema.ts';
import { CARELESS_SDL, createCarelessFields } from './careless-fields.ts';
import { createDisturbance } from './disturbance.ts';
import { isEnough } from './enough.ts';
import { type LaneCounts, runLanes } from './lanes.ts';
import { createLogReader, type LogCounts } from './log-reader.ts';
import { createOwners } from './owners.ts';
import { type Counts, createTally, type Tally } from './tally.ts';
import { createWitness, type Sightings, type Witness } from './witness.ts';
import type { Team } from './world.ts';

export type NodeOrder = {
  readonly name: string;
  readonly app: Omit<AppOptions, 'log'>;
  readonly ownerUrl: string;
  readonly teams: readonly Team[];
  /** Right answers there are to be in the end. */
  readonly operations: number;
  /** Seconds between two lines that say how far it is; 0 for none. */
  readonly progressSeconds: number;
};

export type NodeReport = Counts &
  Sightings &
  LaneCounts &
  LogCounts & {
    readonly name: string;
    readonly seconds: number;
    /** Sessions that were ended. */
    readonly killed: number;
  };

const SCHEMA_FOLDER = join(import.meta.dirname, '../../../schema');

answerParent<NodeOrder>(async ({ name, app, ownerUrl, teams, operations, progressSeconds }) => {
  const owners = createOwners(teams);
  const [witness, tally, logReader] = [createWitness(), createTally(owners), createLogReader()];
  const typeDefs = [...loadTypeDefs(SCHEMA_FOLDER), CARELESS_SDL];
  const schema = { typeDefs, resolvers: [...resolvers, createCarelessFields(owners, witness)] };
  await using node = await startPatiently(() => createApp({ ...app, log: logReader.log }, { schema }));
  await using disturbance = createDisturbance(ownerUrl);
  using _progress = tellProgress(name, progressSeconds, tally, witness);

  const begun = performance.now();
  const isThrough = (counts: LaneCounts) => isEnough({ operations, tally, witness, logReader, disturbance }, counts);
  const counts = await runLanes({ url: node.url, teams, isThrough, tally, disturbance });
  return {
    name,
    seconds: (performance.now() - begun) / 1000,
    ...tally.tell(),
    ...witness.tell(),
    ...logReader.tell(),
    ...counts,
    killed: disturbance.killed(),
  } satisfies NodeReport;
});

const STARTS = 20;

// Statements are given up early on purpose: on a machine with more to do than this, those of the start may be among them.
async function startPatiently(start: () => Promise<App>, starts = STARTS): Promise<App> {
  return start().catch((error: unknown) => {
    if (starts === 1) throw error;
    return startPatiently(start, starts - 1);
  });
}

function tellProgress(name: string, seconds: number, tally: Tally, witness: Witness): Disposable {
  const begun = performance.now();
  const tell = () => {
    const perSecond = Math.round((tally.right / (performance.now() - begun)) * 1000);
    const foreign = witness.tell().foreignRows.length + tally.tell().foreignTexts.length;
    process.stdout.write(`${name}: ${tally.right} right answers, ${perSecond}/s, ${foreign} foreign\n`);
  };
  const timer = seconds > 0 ? setInterval(tell, seconds * 1000) : undefined;
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
