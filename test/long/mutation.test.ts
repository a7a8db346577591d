import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Mutant } from './mutation/mutate.ts';
import { toScore } from './mutation/score.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(import.meta.dirname, 'mutation', 'main.ts');
const HOUR = 60 * 60_000;
const LEAST_PERCENT = 90;

const AREAS = ['src/identity/', 'src/access/', 'src/graphql/directives/', 'src/store/scoped-query.ts'];

/** In a process of its own: Stryker starts others, and takes signals for them. */
async function mutateAreas(): Promise<readonly Mutant[]> {
  const patterns = AREAS.map((area) => (area.endsWith('/') ? `${area}**/*.ts` : area));
  const env = { ...process.env, TEST_DATABASE_OWNER_URL: inject('suiteDatabase').ownerUrl };
  const child = fork(MAIN, patterns, { cwd: ROOT, env, timeout: HOUR });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Stryker ended with ${code} and without a report; what it printed says why`);
  });
  const [mutants] = await Promise.race([once(child, 'message'), ended]);
  return mutants;
}

let mutants: readonly Mutant[];
beforeAll(async () => {
  mutants = await mutateAreas();
}, HOUR);

describe('of every change Stryker makes to', () => {
  it.each(AREAS)(`%s at least ${LEAST_PERCENT} % are noticed by a test`, (area) => {
    const own = mutants.filter(({ fileName }) => fileName.startsWith(area));
    const { noticed, total, percent } = toScore(own);
    const withoutTexts = toScore(own.filter(({ mutatorName }) => mutatorName !== 'StringLiteral'));
    const share = `${percent.toFixed(1)} % (${withoutTexts.percent.toFixed(1)} % without changes of texts)`;
    process.stdout.write(`${area}: ${noticed} of ${total} changes noticed, ${share}\n`);
    expect(percent).toBeGreaterThanOrEqual(LEAST_PERCENT);
  });
});
