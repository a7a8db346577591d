import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// A change is met by every test that reaches it, one after another until one fails, so all of them take seconds together.
const QUICK = [
  'test/unit/{identity,access,directives}/**/*.test.ts',
  'test/unit/{claims,groups,mfa-proof}.test.ts',
  'test/isolation/published-bypasses/*.test.ts',
  'test/database/{scoped-query,store-failures}.test.ts',
];
// Whole products, and a search for the smallest schema on which a change shows.
const SLOW = ['**/{over-http,prisma-batches,agreement}.test.ts'];

/** The shortest first, where Vitest has the longest first: one failed test is enough. */
class ShortestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).reverse();
  }
}

// Longer than any of them takes, and shorter than Stryker waits for one that hangs.
const TIMEOUT_MS = 6_000;

// It stands alone: Stryker sets the pool and the number of workers itself, and the projects of vitest.config.ts are more
// tests than these.
// biome-ignore lint/style/noDefaultExport: Vitest reads the default export.
export default defineConfig({
  test: {
    include: QUICK,
    exclude: SLOW,
    globalSetup: ['test/support/global-setup.ts'],
    isolate: false,
    // Node runs what Stryker wrote, in a new thread for each change.
    experimental: { viteModuleRunner: false },
    sequence: { sequencer: ShortestFirst },
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
  },
});
