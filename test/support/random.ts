/** Numbers from 0 up to 1, the same for the same seed (Mulberry32). */
export type Random = () => number;

/** What random tests of this run begin with: global-setup.ts draws it and prints it, and TEST_SEED repeats it. */
export const SEED = Number(process.env['TEST_SEED'] ?? 0);

/** `salt` tells apart what would otherwise draw the same numbers. */
export function createRandom(salt = 0): Random {
  let state = (SEED + Math.imul(salt, 0x9e3779b1)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in a random order. */
export function shuffle<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
