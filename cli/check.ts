import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styled } from '../local/terminal.ts';
import { type Count, countTests } from './check/count-tests.ts';
import { readChildCpuSeconds } from './check/cpu-time.ts';
import { runTool } from './check/run-tool.ts';

const USAGE = `npm test [-- [--tests-only] [--whole] <arguments for vitest>]
npm run test:long [-- <arguments for vitest>]

Checks, in this order, and stops at the first that fails:
  generated code   src/generated is written anew; docs/schema.graphql is what schema/ says
  types            tsc
  format and lint  biome ci ("npx biome check --write" fixes most of it)
  tests            vitest run

  --tests-only  runs the tests alone
  --whole       runs the random tests at full size instead of a sample (as .ci/run does; minutes)
  --long        runs the tests of test/long instead, minutes each, and prints their figures (npm run test:long)

"npm test -- test/unit -t tenant" runs some of the tests; TEST_SEED=<number> repeats the random ones. They use an embedded
PostgreSQL, or the server that TEST_DATABASE_OWNER_URL signs in to as a superuser. The last line counts every test, and
each other step as one.`;

type Step = { readonly name: string; readonly work: () => Promise<Count> };

const STATIC_STEPS: readonly Step[] = [
  { name: 'generated code', work: () => runSilently('cli/generate.ts', ['--check']) },
  { name: 'types', work: () => runSilently('node_modules/.bin/tsc', ['-p', '.']) },
  {
    name: 'format and lint',
    work: () => runSilently('node_modules/.bin/biome', ['ci', '--colors=off', '--error-on-warnings', '.']),
  },
];

/** One step that says something only when it fails. */
async function runSilently(script: string, args: readonly string[]): Promise<Count> {
  const { exitCode, output } = await runTool(script, args);
  if (exitCode === 0) return { passed: 1, failed: 0 };
  process.stdout.write(output);
  return { passed: 0, failed: 1 };
}

// Failures, how far the tests are, and the counts.
const REPORTERS = ['--reporter=minimal', '--reporter=./cli/check/progress-reporter.ts'];

async function runTests(args: readonly string[]): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-check-'));
  const report = join(folder, 'report.json');
  const reporters = [...REPORTERS, '--reporter=json', `--outputFile.json=${report}`];
  try {
    const { exitCode } = await runTool('node_modules/.bin/vitest', ['run', ...reporters, ...args], 'inherit');
    return countTests(await readFile(report, 'utf8').catch(() => null), exitCode);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function check(steps: readonly Step[]): Promise<Count> {
  let total: Count = { passed: 0, failed: 0 };
  for (const { name, work } of steps) {
    const begun = performance.now();
    const { passed, failed } = await work();
    const mark = failed === 0 ? styled('green', '✓') : styled('red', '✗');
    console.log(`${mark} ${name} ${styled('dim', `${((performance.now() - begun) / 1000).toFixed(1)} s`)}`);
    total = { passed: total.passed + passed, failed: total.failed + failed };
    if (failed > 0) break;
  }
  return total;
}

/** `3 min 12 s of wall time, 5 min 3 s of CPU time`. */
function toTimes(wallSeconds: number, cpuSeconds: number | null): string {
  const toText = (seconds: number) =>
    seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${toText(wallSeconds)} of wall time${cpuSeconds === null ? '' : `, ${toText(cpuSeconds)} of CPU time`}`;
}

const FLAGS = ['--tests-only', '--whole', '--long'];

async function main(args: readonly string[]): Promise<void> {
  if (args.some((arg) => arg === '--help' || arg === '-h')) return console.log(USAGE);
  const isLong = args.includes('--long');
  // Read by vitest.config.ts and test/support/stress.ts.
  if (isLong) process.env['TEST_LONG'] = 'on';
  if (args.includes('--whole')) process.env['TEST_STRESS'] = 'whole';
  const tests = { name: 'tests', work: () => runTests(args.filter((arg) => !FLAGS.includes(arg))) };
  const begun = performance.now();
  const { passed, failed } = await check(isLong || args.includes('--tests-only') ? [tests] : [...STATIC_STEPS, tests]);
  console.log(toTimes((performance.now() - begun) / 1000, readChildCpuSeconds()));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
