import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql-js refuses types of another copy of itself: tests must load the one Node's own resolution gives its peers.
  resolve: { alias: { graphql: import.meta.resolve('graphql') } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: 'threads',
  },
});
