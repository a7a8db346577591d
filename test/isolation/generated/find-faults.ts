import { type Cell, judge, nameOf, toBytes } from './judge.ts';
import { expectationOf } from './oracle.ts';
import type { World } from './two-tenants.ts';

/** All that is wrong with the cells of one path, each line naming its caller and variant. */
export function findFaults(cells: readonly Cell[], { rows }: World): readonly string[] {
  return cells.flatMap((cell) => [...judge(cell, rows), ...compareWithUnknown(cell, cells)]);
}

/** An id that is out of reach is answered as one that nobody has, to the byte. */
function compareWithUnknown(foreign: Cell, cells: readonly Cell[]): readonly string[] {
  const { path, caller, variant } = foreign;
  if (variant.varied?.whose !== 'foreign' || 'isThere' in expectationOf(path, caller, variant)) return [];
  const { slot } = variant.varied;
  const unknown = cells.find(
    (cell) => cell.caller === caller && cell.variant.varied?.slot === slot && cell.variant.varied.whose === 'unknown',
  );
  if (unknown === undefined) throw new Error(`${path.name}, ${nameOf(foreign)}: no unknown id beside it`);
  const [theirs, nobodys] = [toBytes(foreign.answer), toBytes(unknown.answer)];
  return theirs === nobodys ? [] : [`${nameOf(foreign)}: unlike an unknown id\n${theirs}\nand\n${nobodys}`];
}
