import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Minutes each: `npm run test:long` runs them, and nothing else.
const isLong = process.env['TEST_LONG'] === 'on';
// Those of test/outside ask servers that npm does not bring; .ci/run brings them, and names the Redis it started.
const leftOut = process.env['TEST_REDIS_URL'] ? [] : ['test/outside/**'];

// Half a minute and more each. Begun last, one would run alone while all other workers are done.
const SLOW = /(sudden-ends|tenant-life|interleaving|isolation|drain|local-database|reconcile)\.test\.ts$/;

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => Number(SLOW.test(moduleId));
    return (await super.sort(files)).toSorted((one, other) => isSlow(other) - isSlow(one));
  }
}

export default defineConfig({
  // graphql-js refuses types of another copy of itself: tests must load the one Node's own resolution gives its peers.
  resolve: { alias: { graphql: import.meta.resolve('graphql') } },
  test: {
    include: [isLong ? 'test/long/**/*.test.ts' : 'test/**/*.test.ts'],
    exclude: isLong ? [] : ['test/long/**', ...leftOut],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Faults and races are tried in real time, on machines that at times have none to spare: what fails once is tried again
    // where nobody watches, and shown as such. What fails each time fails.
    retry: process.env['CI'] ? 2 : 0,
    pool: 'threads',
    maxWorkers: Math.max(2, availableParallelism()),
    // Figures are worth something only when nothing else runs beside them.
    fileParallelism: !isLong,
    sequence: { sequencer: SlowFirst },
  },
});
