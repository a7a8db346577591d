import type { DatabaseTimings } from '../../src/store/database.ts';

/** For `expect.poll` and `vi.waitFor`: says only when to give up on a broken product, and never how fast a right one is. */
export const EVENTUALLY = { timeout: 45_000, interval: 10 };

/** No test lasts as long: for a limit that must not pass, or an interval that must not come round. */
export const NEVER_MS = 3_600_000;

/** A busy machine may take longer than production waits for a connection. */
export const PATIENT_DATABASE: Partial<DatabaseTimings> = { connectTimeoutMs: NEVER_MS, readyTimeoutMs: NEVER_MS };
