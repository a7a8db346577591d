import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startProduct } from '../product.ts';
import { SEED } from '../random.ts';
import { type Life, newLife } from './life.ts';
import { type End, isPossible, settle, take } from './rules.ts';
import { readListed, toExpected, toListed } from './state.ts';
import { type Kind, STEPS, type Step } from './step.ts';
import { createDns, createWorld, type World } from './world.ts';

export type TenantLifeOptions = {
  /** Steps taken at least. */
  readonly steps: number;
  /** Whether it goes on until every end of every kind of step was met. */
  readonly meetsAll: boolean;
  readonly timeoutMs: number;
  /** Whether to say now and then how far it is. */
  readonly tells: boolean;
};

// Lives led at the same time: while one waits for the database, another is answered.
const LANES = 4;
const STEPS_OF_LIFE = 200;
// What is rare is waited for up to so many times the steps.
const MOST = 6;

/** Every end of every kind of step, with how often it was met. */
type Tally = Map<Kind, Map<string, number>>;

class Command implements fc.AsyncCommand<Life, World> {
  readonly step: Step;
  readonly tally: Tally;

  constructor(step: Step, tally: Tally) {
    this.step = step;
    this.tally = tally;
  }

  check(life: Readonly<Life>): boolean {
    return isPossible(life, settle(life, this.step));
  }

  async run(life: Life, world: World): Promise<void> {
    const step = settle(life, this.step);
    const taken = await world.take(life, step);
    const end = take(life, step);
    expect(taken.end).toBe(end);
    expect(await world.read()).toEqual(toExpected(life));
    if (step.kind === 'list' && end === null && taken.answer) {
      expect(readListed(taken.answer)).toEqual(toListed(life, step.bearer));
    }
    count(this.tally, step.kind, end);
  }

  toString(): string {
    return JSON.stringify(this.step);
  }
}

function count(tally: Tally, kind: Kind, end: End): void {
  const ends = tally.get(kind) ?? new Map<string, number>();
  tally.set(kind, ends);
  ends.set(end ?? 'done', (ends.get(end ?? 'done') ?? 0) + 1);
}

const sum = (tally: Tally) => [...tally.values()].flatMap((ends) => [...ends.values()]).reduce((a, b) => a + b, 0);

// What each kind of step can end with. A run that never met one of them has not shown what it says. A token that is stale
// comes to no verb, whichever it is: a few stand for all.
const ENDS: { readonly [K in Kind]: readonly string[] } = {
  create: ['done'],
  createAgain: ['done', 'CONFLICT'],
  rename: ['done', 'FORBIDDEN', 'TOKEN_STALE', 'TENANT_SUSPENDED'],
  limit: ['done', 'FORBIDDEN', 'TENANT_SUSPENDED'],
  open: ['done', 'FORBIDDEN', 'TENANT_SUSPENDED'],
  suspend: ['done', 'CONFLICT'],
  resume: ['done'],
  delete: ['done', 'FORBIDDEN', 'TENANT_SUSPENDED', 'BAD_USER_INPUT'],
  invite: ['done', 'FORBIDDEN', 'TOKEN_STALE', 'TENANT_SUSPENDED', 'CONFLICT'],
  resend: ['done', 'FORBIDDEN', 'TENANT_SUSPENDED', 'CONFLICT', 'NOT_FOUND'],
  revoke: ['done', 'FORBIDDEN', 'TENANT_SUSPENDED', 'CONFLICT', 'NOT_FOUND'],
  accept: ['done', 'TENANT_SUSPENDED', 'CONFLICT', 'NOT_FOUND'],
  decline: ['done', 'TENANT_SUSPENDED', 'NOT_FOUND'],
  expire: ['done'],
  changeRole: ['done', 'FORBIDDEN', 'TOKEN_STALE', 'TENANT_SUSPENDED', 'CONFLICT', 'NOT_FOUND'],
  remove: ['done', 'FORBIDDEN', 'TOKEN_STALE', 'TENANT_SUSPENDED', 'CONFLICT', 'NOT_FOUND'],
  leave: ['done', 'FORBIDDEN', 'TENANT_SUSPENDED', 'CONFLICT'],
  switch: ['done', 'NOT_FOUND'],
  sayDomain: ['done', 'FORBIDDEN', 'TENANT_SUSPENDED'],
  showDomain: ['done', 'FORBIDDEN', 'TENANT_SUSPENDED', 'CONFLICT', 'NOT_FOUND'],
  dropDomain: ['done', 'FORBIDDEN', 'TENANT_SUSPENDED', 'NOT_FOUND'],
  join: ['done', 'CONFLICT', 'NOT_FOUND'],
  list: ['done', 'FORBIDDEN', 'TOKEN_STALE', 'TENANT_SUSPENDED'],
};

const WANTED = Object.entries(ENDS)
  .flatMap(([kind, ends]) => ends.map((end) => `${kind}: ${end}`))
  .toSorted();
const toMissing = (tally: Tally) => WANTED.filter((wanted) => !isMet(tally, wanted));
const isMet = (tally: Tally, wanted: string) => {
  const [kind = '', end = ''] = wanted.split(': ');
  return tally.get(kind as Kind)?.has(end) ?? false;
};

/** Tenants led through random lives, the product beside a model of what the contract says. */
export function describeTenantLife({ steps, meetsAll, timeoutMs, tells }: TenantLifeOptions): void {
  describe(`${steps} steps in the lives of tenants`, () => {
    const dns = createDns();
    const tally: Tally = new Map();
    let product: Product;
    beforeAll(async () => {
      product = await startProduct({
        app: {
          rateLimits: { callerPerMinute: null, addressPerMinute: null, secretTriesPerMinute: 1e9, store: 'memory' },
        },
        overrides: { resolveTxt: dns.resolveTxt },
      });
    });
    afterAll(() => product[Symbol.asyncDispose]());

    it(
      'end as the model says, and leave what the model holds',
      async () => {
        const commands = STEPS.map((step) => step.map((taken) => new Command(taken, tally)));
        const life = fc.commands(commands, { size: 'max', maxCommands: STEPS_OF_LIFE });
        const property = fc.asyncProperty(life, async (sequence) => {
          const world = await createWorld(product, dns);
          await fc.asyncModelRun(() => ({ model: newLife(), real: world }), sequence);
        });
        const lead = async (_: unknown, lane: number) => {
          const isThrough = () => sum(tally) >= steps && (!meetsAll || toMissing(tally).length === 0);
          for (let round = 0; !isThrough() && sum(tally) < MOST * steps; round += 1) {
            await fc.assert(property, { numRuns: 1, seed: SEED + LANES * round + lane });
            if (tells) process.stdout.write(`${sum(tally)} of ${steps} steps\n`);
          }
        };
        await Promise.all(Array.from({ length: LANES }, lead));
      },
      timeoutMs,
    );

    if (!meetsAll) return;
    it('have met every end that a step can have', () => {
      const missing = toMissing(tally);
      const met = WANTED.length - missing.length;
      process.stdout.write(`${sum(tally)} steps in the lives of tenants, ${met} of ${WANTED.length} ends met\n`);
      expect(missing).toEqual([]);
    });
  });
}
