import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import base from '../../../vitest.config.ts';

// A change is met by every test that reaches it, one after another until one fails, so all of them take seconds together.
const QUICK = [
  'test/unit/{identity,access,directives}/**/*.test.ts',
  'test/unit/{claims,groups,mfa-proof}.test.ts',
  'test/isolation/published-bypasses/*.test.ts',
  'test/integration/{scoped-query,store-failures}.test.ts',
];
// Whole products, and a search for the smallest schema on which a change shows.
const SLOW = ['**/{over-http,prisma-batches,agreement,decisions}.test.ts'];
// These ask for modules of their own, and here all files of a run share theirs.
const MOCKING = globSync(QUICK).filter((file) => readFileSync(file, 'utf8').includes('vi.mock('));

/** The shortest first, where Vitest has the longest first: one failed test is enough. */
class ShortestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).reverse();
  }
}

// Longer than any of them takes, and shorter than Stryker waits for one that hangs.
const TIMEOUT_MS = 6_000;
const RULES = {
  include: QUICK,
  exclude: [...SLOW, ...MOCKING],
  isolate: false,
  sequence: { sequencer: ShortestFirst },
  testTimeout: TIMEOUT_MS,
  hookTimeout: TIMEOUT_MS,
};

// biome-ignore lint/style/noDefaultExport: Vitest reads the default export.
export default defineConfig({ ...base, test: { ...base.test, ...RULES } });
