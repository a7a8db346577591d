import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AT_ONCE, reconcile } from '../../../src/jobs/reconcile.ts';
import { createDatabase } from '../../../src/store/database.ts';
import { createUserPool } from '../../../src/user-pool/user-pool.ts';
import { type AppProcess, startAppProcess } from '../app-process.ts';
import { PATIENT_DATABASE } from '../eventually.ts';
import { type Product, startProduct, TRIGGER_SECRET, toOptions } from '../product.ts';
import { createRandom } from '../random.ts';
import { IS_WHOLE } from '../stress.ts';
import { type Act, prepareActs } from './acts.ts';

export type SuddenEndOptions = {
  /** How many processes are killed. */
  readonly kills: number;
  readonly timeoutMs: number;
  /** Whether to say now and then how far it is. */
  readonly tells: boolean;
};

/** How often each act was answered that it is done, was done and not answered, and was not done. */
type Tally = Map<string, { answered: number; done: number; undone: number }>;

const TORN = `select 'members are counted wrong in ' || t.slug as fault from tenants t
    where t.member_count <> (select count(*) from memberships m where m.tenant_id = t.id)
  union all select 'no owner in ' || t.slug from tenants t
    where not exists (select from memberships m where m.tenant_id = t.id and m.role = 'OWNER')`;

// The first answers of a process that has just begun take longer than this, and those that follow are closer together.
const LATER_MS = 50;
// One for everything that is asked at once.
const CONNECTIONS = 15;
// The pool is told within seconds, or once what a dead process had in hand is another's.
const DRAIN_MS = 60_000;

type Moment = { readonly answers: number; readonly laterMs: number };

const random = createRandom();

/** The first before any answer, the last after all, the others in between: each in a stretch of its own. */
function toMoment(kill: number, kills: number, acts: number): Moment {
  if (kill === 0) return { answers: 0, laterMs: 0 };
  if (kill === kills - 1) return { answers: acts, laterMs: 0 };
  return { answers: Math.floor(((kill + random()) / kills) * acts), laterMs: random() * LATER_MS };
}

/** Processes are killed at random moments while they do everything they can be asked at once. */
export function describeSuddenEnds({ kills, timeoutMs, tells }: SuddenEndOptions): void {
  describe(`kill -9 at ${kills} random moments in mutations and triggers`, () => {
    let product: Product;
    const tally: Tally = new Map();
    beforeAll(async () => {
      product = await startProduct();
    });
    afterAll(() => product[Symbol.asyncDispose]());

    const startNode = (): Promise<AppProcess> => {
      const { log: _, database, ...options } = toOptions(product.pool, product.database);
      return startAppProcess({ ...options, database: { ...database, poolSize: CONNECTIONS } });
    };
    const sendTriggersTo = (url: string) =>
      product.pool.setTrigger({ url: `${url}/triggers/cognito`, secret: TRIGGER_SECRET });

    /**
     * Asks everything of a process, and kills it after this many answers and a little later. Gives for each act whether it
     * was answered that it is done.
     */
    async function askAndKill(node: AppProcess, acts: readonly Act[], moment: Moment): Promise<readonly boolean[]> {
      sendTriggersTo(node.url);
      const enough = Promise.withResolvers<void>();
      let left = moment.answers;
      const countDown = () => {
        left -= 1;
        if (left < 0) enough.resolve();
      };
      const sent = acts.map((act) => act.send(node.url).finally(countDown));
      countDown();
      await enough.promise;
      await sleep(moment.laterMs);
      await node.kill();
      const answered = await Promise.all(sent);
      sendTriggersTo(product.url);
      return answered;
    }

    async function assertWhole(acts: readonly Act[], answered: readonly boolean[]): Promise<void> {
      const columns = acts.map(({ marks }, i) => `array[${marks.join(', ')}] as "${i}"`);
      const [row = {}] = await product.sql<Record<string, readonly boolean[]>>(`select ${columns.join(', ')}`);
      acts.forEach(({ name }, i) => {
        const marks = row[i] ?? [];
        const isDone = marks[0] === true;
        expect(marks, `${name} by half`).toEqual(marks.map(() => isDone));
        if (answered[i]) expect(isDone, `${name} answered, and not done`).toBe(true);
        const counts = tally.get(name) ?? { answered: 0, done: 0, undone: 0 };
        tally.set(name, counts);
        if (!isDone) counts.undone += 1;
        else if (answered[i]) counts.answered += 1;
        else counts.done += 1;
      });
      expect(await product.sql(TORN)).toEqual([]);
    }

    it(
      'leave each of them whole or not done, and whole what was answered',
      async () => {
        let next = startNode();
        for (let kill = 0; kill < kills; kill += 1) {
          const [node, acts] = await Promise.all([next, prepareActs(product)]);
          const answered = await askAndKill(node, acts, toMoment(kill, kills, acts.length));
          next = startNode();
          await assertWhole(acts, answered);
          if (tells && kill % 25 === 24) process.stdout.write(`${kill + 1} of ${kills} killed\n`);
        }
        await (await next).kill();
        const told = [...tally].map(([name, { answered, done, undone }]) => `${name} ${answered}/${done}/${undone}`);
        if (IS_WHOLE || tells) process.stdout.write(`${kills} killed; answered/done/not done: ${told.join(', ')}\n`);
        // Moments that never fall into the work would show nothing: the first comes before any of it, the last after all.
        for (const [name, { answered, done, undone }] of tally) {
          expect([name, answered + done > 0, undone > 0]).toEqual([name, true, true]);
        }
      },
      timeoutMs,
    );

    it(
      'leave nothing that the outbox and the reconciler do not bring in step',
      async () => {
        // What a dead process had claimed is due ten seconds later: it is made due now.
        await product.sql('update outbox set next_at = now() where done_at is null');
        const isTold = async () => (await product.sql('select from outbox where done_at is null')).length === 0;
        await expect.poll(isTold, { timeout: DRAIN_MS, interval: 100 }).toBe(true);
        const found = await reconcileAll({ apply: true });
        if (IS_WHOLE || tells) process.stdout.write(`the reconciler repaired: ${JSON.stringify(found)}\n`);
        await expect.poll(isTold, { timeout: DRAIN_MS, interval: 100 }).toBe(true);
        expect(await reconcileAll({ apply: false })).toEqual({});
      },
      2 * DRAIN_MS + timeoutMs,
    );

    /** How many there were of each difference. */
    async function reconcileAll({ apply }: { readonly apply: boolean }) {
      const { poolId: userPoolId, endpoint } = product.pool;
      const rates = { reads: 500, changes: 500, lists: 500 };
      const userPool = createUserPool({ userPoolId, endpoint, rates });
      const database = createDatabase({
        url: product.database.appUrl,
        poolSize: AT_ONCE,
        preparedStatements: true,
        timings: PATIENT_DATABASE,
      });
      const found: Record<string, number> = {};
      await reconcile({
        database,
        userPool,
        defaultGroup: 'Users',
        asksGroups: true,
        graceMs: 0,
        apply,
        depth: 0,
        from: 0,
        onFinding: ({ difference, state }) => {
          const key = `${difference} ${state}`;
          found[key] = (found[key] ?? 0) + 1;
        },
        onPart: async () => {},
      });
      userPool.close();
      await database.close();
      return found;
    }
  });
}
