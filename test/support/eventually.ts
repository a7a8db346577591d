/** For `expect.poll` and `vi.waitFor`: says only when to give up on a broken product, and never how fast a right one is. */
export const EVENTUALLY = { timeout: 45_000, interval: 10 };
