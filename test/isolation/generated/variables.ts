import type { Home } from './home.ts';
import { findIdSlots, type IdSlot, type Key } from './id-slots.ts';
import { toVariable } from './operation.ts';
import { coordinateOf, type Path } from './paths.ts';
import { FACTS } from './subject.ts';

type Values = Record<string, unknown>;

/** More than there are, so that nothing hides on a second page; few enough for the limit of cost on lists in lists. */
const PAGE_SIZE = 30;

/** The values of a path's variables: those of the samples for this tenant, and an id wherever `toId` gives one. */
export function toVariables(path: Path, home: Home, toId: (slot: IdSlot) => string | undefined): Values {
  const slots = findIdSlots(path);
  const variables = path.steps.flatMap((step, at) => {
    const values = FACTS.samples[coordinateOf(step)]?.values;
    const args: Values = structuredClone({ ...(typeof values === 'function' ? values(home) : values) });
    if (step.field.args.some(({ name }) => name === 'first')) args['first'] = PAGE_SIZE;
    for (const slot of slots.filter((it) => it.step === at)) {
      const id = toId(slot);
      if (id !== undefined) setAt(args, slot.at, id);
    }
    return Object.entries(args).map(([name, value]) => [toVariable(name, at), value] as const);
  });
  return Object.fromEntries(variables);
}

function setAt(target: Values, [key = '', ...rest]: readonly Key[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= rest[0] === 0 ? [] : {};
  // A list is one of its indexes; what stands here otherwise came from a sample of an input object.
  setAt(target[key] as Values, rest, value);
}
