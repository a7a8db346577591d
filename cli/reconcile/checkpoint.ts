import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const Checkpoint = z.object({
  poolId: z.string(),
  apply: z.boolean(),
  depth: z.int().min(0).max(4),
  /** The part that comes next. */
  from: z.int().min(0),
  users: z.int(),
  /** Findings so far, by `difference state`. */
  tally: z.record(z.string(), z.int()),
});

/** How far a run has come, and what it has found until then. */
export type Checkpoint = z.infer<typeof Checkpoint>;

/** Throws an Error when there is none, or it is of another pool. */
export async function readCheckpoint(path: string, poolId: string): Promise<Checkpoint> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`There is no run to go on with: ${path} is not there.`);
  });
  const checkpoint = Checkpoint.parse(JSON.parse(text));
  if (checkpoint.poolId !== poolId) throw new Error(`${path} tells of a run over another pool.`);
  return checkpoint;
}

/** A reader sees the old one or the new one, never half of one. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, JSON.stringify(checkpoint));
  await rename(`${path}.tmp`, path);
}

export function removeCheckpoint(path: string): Promise<void> {
  return rm(path, { force: true });
}
