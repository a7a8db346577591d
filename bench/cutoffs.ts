import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CUTOFF_KINDS, type Cutoff, createCutoffs } from '../src/identity/cutoffs.ts';
import { compareProducts, type ProductComparison } from './support/compare-products.ts';

const HELD = 100_000;

// An hour old: a server that is running reads the last minute, and would hold them too.
const FILL = `
alter table cutoffs disable trigger tell_cutoff;
insert into cutoffs (at, kind, of_tenant, of_user, name, value, ends_at)
  select now() - interval '1 hour', kind, gen_random_uuid(), gen_random_uuid(), gen_random_uuid()::text,
    case kind when 'SESSION' then 'true' when 'ACCOUNT' then 'true' when 'TENANT'
      then '{"isShut": true, "mfaRequired": false, "maxSessionAgeSeconds": null}' else to_jsonb(n) end,
    now() + interval '1 day'
  from (select n, (array['SESSION', 'USER', 'ACCOUNT', 'MEMBERSHIP', 'TENANT'])[1 + n % 5] as kind
    from generate_series(1, ${HELD}) n) made;
alter table cutoffs enable trigger tell_cutoff`;

const CUTOFFS: ProductComparison = {
  name: 'cutoffs',
  about: `Measures over HTTP what it costs to hold ${HELD} cutoffs of all kinds, and beside that how much memory they take:
  on    a process that holds them
  none  a process that holds none`,
  against: 'none',
  limit: 1.01,
  startProducts: async (stage) => {
    console.log(`${HELD} cutoffs take ${(measureBytes() / 1e6).toFixed(1)} MB`);
    const none = await stage.start('holding_none');
    await stage.asOwner((owner) => owner.query(FILL));
    const holding = await stage.start('holding');
    return [
      { name: 'on', server: holding },
      { name: 'none', server: none },
    ];
  },
};

/** `args`: see `--help`. Throws Error with what to do. */
export function cutoffs(args: string[]): Promise<void> {
  return compareProducts(CUTOFFS, args);
}

const VALUES: Readonly<Record<Cutoff['kind'], unknown>> = {
  SESSION: true,
  USER: 1_700_000_000,
  ACCOUNT: true,
  MEMBERSHIP: 7,
  TENANT: { isShut: true, mfaRequired: false, maxSessionAgeSeconds: null },
  CLIENT: { isEnded: false },
};

/** What the heap grows by, once everything else is let go. */
function measureBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const held = createCutoffs();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let id = 1; id <= HELD; id += 1) {
    const kind = CUTOFF_KINDS[id % CUTOFF_KINDS.length] ?? 'SESSION';
    // As they come off the wire: a text of its own for each.
    const row = { id, kind, tenant: randomUUID(), user: randomUUID(), name: randomUUID(), value: VALUES[kind] };
    held.add(JSON.parse(JSON.stringify(row)));
  }
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  if (held.size() !== HELD) throw new Error(`of ${HELD} cutoffs ${held.size()} are held`);
  return grown;
}
