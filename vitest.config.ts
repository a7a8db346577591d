import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// `npm run test:long` runs these and nothing else: minutes each, one file at a time, for they measure.
const isLong = process.env['TEST_LONG'] === 'on';
// .ci/run starts the servers that these ask, and names its Redis.
const hasServers = process.env['TEST_REDIS_URL'] !== undefined;

const project = (name: string, folders: string, setupFiles: string[] = []) => ({
  extends: true as const,
  test: { name, include: [`test/${folders}/**/*.test.ts`], setupFiles },
});

const GUARD = ['test/support/guard-demo.ts'];
const PROJECTS = [
  project('unit', '{unit,property}'),
  project('product', '{integration,edge,local,examples,conformance}', GUARD),
  // What a database decides: .ci/run repeats it on Debian's PostgreSQL.
  project('database', '{database,isolation,stress}', GUARD),
];
const LONG = project('long', 'long');

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'threads',
    maxWorkers: Math.max(2, availableParallelism()),
    fileParallelism: !isLong,
    // Files of one worker share its modules, and the product that shared-product.ts starts for them.
    isolate: false,
    // Node runs the TypeScript as it stands, as it does in production.
    experimental: { viteModuleRunner: false },
    projects: isLong ? [LONG] : [...PROJECTS, ...(hasServers ? [project('outside', 'outside')] : [])],
  },
});
