import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../support/product.ts';
import type { Caller } from './caller.ts';
import { otherThan } from './home.ts';
import type { IdSlot } from './id-slots.ts';
import { toOperation } from './operation.ts';
import type { Path } from './paths.ts';
import { FACTS } from './subject.ts';
import type { World } from './two-tenants.ts';
import { toVariables } from './variables.ts';
import { homeOf, type Variant, type Whose } from './variants.ts';

// The same for all, so that answers can be compared byte by byte.
const HEADERS = { 'x-request-id': 'same-for-all' };

const TRIES = 10;
const PAUSE_MS = 200;

/** Asks for a path as this caller, with ids of this kind. */
export async function ask(world: World, path: Path, caller: Caller, variant: Variant): Promise<Answer> {
  const query = toOperation(path);
  const variables = toVariables(path, homeOf(caller, variant.varied?.whose), (slot) =>
    toId(world, caller, slot, variant),
  );
  const post = () => world.product.query(caller.token, query, variables, HEADERS);
  let answer = await post();
  // "Try again shortly", as a machine with more to do than these tests has to say at times, is no answer to what was asked.
  for (let tries = 1; answer.status === 503 && tries < TRIES; tries += 1) {
    await sleep(PAUSE_MS);
    answer = await post();
  }
  return answer;
}

function toId({ idOf }: World, { home }: Caller, slot: IdSlot, variant: Variant): string | undefined {
  const whose = toWhose(slot, variant);
  const type = FACTS.samples[slot.coordinate]?.ids?.[slot.name] ?? '';
  if (whose === null) return undefined;
  return whose === 'unknown' ? randomUUID() : idOf(type, whose === 'own' ? home : otherThan(home));
}

function toWhose(slot: IdSlot, { varied }: Variant): Whose | null {
  if (slot.name === varied?.slot.name && slot.step === varied.slot.step) return varied.whose;
  return slot.isRequired ? 'own' : null;
}
