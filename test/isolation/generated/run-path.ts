import { ask } from './ask.ts';
import type { Caller } from './caller.ts';
import type { Cell } from './judge.ts';
import { mayWrite } from './oracle.ts';
import type { Path } from './paths.ts';
import { FACTS } from './subject.ts';
import type { World } from './two-tenants.ts';
import { toVariants, type Variant } from './variants.ts';
import { putBack } from './writes.ts';

/** Requests under way at once. */
const BATCH = 8;

type Question = { readonly path: Path; readonly caller: Caller; readonly variant: Variant };

/** Asks for the path as every caller in every variant; what was written is put back before anything else is asked. */
export async function runPath(world: World, path: Path, callers: readonly Caller[]): Promise<readonly Cell[]> {
  const variants = toVariants(path);
  const questions = callers.flatMap((caller) => variants.map((variant) => ({ path, caller, variant })));
  const { alone = [], together = [] } = Object.groupBy(questions, (it) =>
    mayWrite(it.path, it.caller, it.variant) ? 'alone' : 'together',
  );
  const cells: Cell[] = [];
  for (let at = 0; at < together.length; at += BATCH) {
    cells.push(...(await askAll(world, together.slice(at, at + BATCH))));
  }
  // So that none of them meets what another wrote.
  for (const question of alone) {
    cells.push(...(await askAll(world, [question])));
    await FACTS.putBack?.(world.product);
  }
  return cells;
}

async function askAll(world: World, questions: readonly Question[]): Promise<readonly Cell[]> {
  const answers = questions.map(async (it) => ({ ...it, answer: await ask(world, it.path, it.caller, it.variant) }));
  const answered = await Promise.all(answers);
  const writes = await putBack(world.product);
  if (writes.length === 0 || questions.length === 1) return answered.map((it) => ({ ...it, writes }));
  return askOneByOne(world, questions);
}

/** Somebody wrote who may not: asked again each by himself, he is found. */
async function askOneByOne(world: World, questions: readonly Question[]): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const question of questions) cells.push(...(await askAll(world, [question])));
  if (cells.every(({ writes }) => writes.length === 0)) {
    throw new Error(`${questions[0]?.path.name}: something was written that is not written a second time`);
  }
  return cells;
}
