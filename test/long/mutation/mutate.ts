import { relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';

type Options = ConstructorParameters<typeof Stryker>[0];
type Result = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/** One change to the code, and whether a test noticed. `fileName` is told from the project's folder. */
export type Mutant = Pick<Result, 'fileName' | 'location' | 'mutatorName' | 'replacement' | 'status' | 'static'>;

const OPTIONS: Options = {
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/long/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  tempDirName: '.local/mutation',
  cleanTempDir: 'always',
  // Stryker would rewrite tsconfig.json by a function that TypeScript 7 no longer has; Vitest needs none.
  ignorePatterns: ['.local', 'tsconfig.json'],
  reporters: ['progress-append-only'],
  allowConsoleColors: false,
  warnings: false,
};

// Runs while a file loads: only there, or there too and no test that reaches it later noticed.
const isLeft = (mutant: Mutant) => mutant.static === true && ['Ignored', 'Survived'].includes(mutant.status);

/**
 * Makes every change to the files of these patterns that Stryker knows, and runs the tests that reach it. What runs while
 * a file loads is reached by no test in particular: it is changed in a second round, and meets all tests that load it.
 * `onFirstRound` hears what came of the first, which takes most of an hour.
 */
export async function mutate(
  patterns: readonly string[],
  onFirstRound: (mutants: readonly Mutant[]) => void,
): Promise<readonly Mutant[]> {
  const first = await run({ mutate: [...patterns], ignoreStatic: true });
  onFirstRound(first);
  const left = new Map(first.filter(isLeft).map((mutant) => [toKey(mutant), mutant]));
  if (left.size === 0) return first;
  // The second round also changes what lies within those places and was changed already.
  const second = await run({ mutate: [...left.values()].map(toPlace), ignoreStatic: false });
  return [...first.filter((mutant) => !isLeft(mutant)), ...second.filter((mutant) => left.has(toKey(mutant)))];
}

async function run(options: Options): Promise<readonly Mutant[]> {
  const results = await new Stryker({ ...OPTIONS, ...options }).runMutationTest();
  return results.map(({ fileName, location, mutatorName, replacement, status, static: isStatic = false }) => {
    return { fileName: relative('.', fileName), location, mutatorName, replacement, status, static: isStatic };
  });
}

// A pattern of Stryker counts columns from 0, where its results count them from 1.
function toPlace({ fileName, location: { start, end } }: Mutant): string {
  return `${fileName}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}

function toKey(mutant: Mutant): string {
  return [toPlace(mutant), mutant.mutatorName, mutant.replacement].join(' ');
}
