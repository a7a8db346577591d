import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FIRST_ID, NO_TENANT, sealPage, toLowestId } from '../../src/domain/audit-trail/index.ts';
import { KEY, OTHER_KEY, openTrail, type Trail } from '../support/audit-trail.ts';
import { withClient } from '../support/database.ts';

const MINUTE_MS = 60_000;

let trail: Trail;
let acme: string;
let globex: string;

beforeAll(async () => {
  trail = await openTrail();
  ({ acme, globex } = trail.world);
});
afterAll(() => trail[Symbol.asyncDispose]());
beforeEach(() => trail.sql('truncate audit_events, audit_seals'));

type SealRow = { readonly chain: string; readonly seq: string; readonly event_id: string };
const sealsOf = async (chain: string) => {
  const seals = await trail.sql<SealRow>(`select * from audit_seals where chain = '${chain}' order by seq`);
  return seals.map(({ seq, event_id }) => [Number(seq), event_id]);
};

describe('sealing', () => {
  it('makes the events of each tenant a chain of their own, in the order of their ids', async () => {
    const [one, other] = [await trail.addEvent(acme), await trail.addEvent(globex)];
    const [two, ofNobody] = [await trail.addEvent(acme), await trail.addEvent(null)];
    await trail.seal();
    const three = await trail.addEvent(acme);
    await trail.seal();
    expect(await sealsOf(acme)).toEqual([one, two, three].map((id, at) => [at + 1, id]));
    expect(await sealsOf(globex)).toEqual([[1, other]]);
    expect(await sealsOf(NO_TENANT)).toEqual([[1, ofNobody]]);
    expect(await trail.verify()).toEqual([]);
  });

  it('goes through more than one transaction holds', async () => {
    await trail.sql(`insert into audit_events (id, tenant_id, action, target_type, target_id)
      select (left(replace('${toLowestId(Date.now())}', '-', ''), 12) || lpad(to_hex(n), 20, '0'))::uuid, '${acme}', 'a', 'T', n::text
      from generate_series(1, 1203) n`);
    await trail.seal();
    expect(await sealsOf(acme)).toHaveLength(1203);
    expect(await trail.verify()).toEqual([]);
  });

  it('seals each event once, however many nodes are at it', async () => {
    for (let count = 0; count < 40; count += 1) await trail.addEvent(acme);
    // One that gets no connection on a busy machine leaves it to the others, or to its next round.
    await Promise.allSettled(Array.from({ length: 4 }, () => trail.seal()));
    await trail.seal();
    expect(await sealsOf(acme)).toHaveLength(40);
    expect(await trail.verify()).toEqual([]);
  });

  it('leaves the work to the node that is at it', async () => {
    await trail.addEvent(acme);
    await withClient(trail.world.database.ownerUrl, async (owner) => {
      await owner.query('begin');
      await owner.query('select pg_advisory_xact_lock(7236401728364017)');
      expect(await sealPage(trail.database, KEY, FIRST_ID)).toBeNull();
      await owner.query('rollback');
    });
  });

  it('leaves nothing half done', async () => {
    for (let count = 0; count < 3; count += 1) await trail.addEvent(acme);
    let macs = 0;
    const mac: typeof KEY.mac = (...given) => {
      macs += 1;
      if (macs === 3) throw new Error('died');
      return KEY.mac(...given);
    };
    await expect(trail.seal({ id: KEY.id, mac })).rejects.toThrow('died');
    expect(await sealsOf(acme)).toEqual([]);
  });

  it('goes on with another secret, and what the old one sealed stays good', async () => {
    await trail.addEvent(acme);
    await trail.seal();
    await trail.addEvent(acme);
    await trail.seal(OTHER_KEY);
    expect(await trail.verify([], [OTHER_KEY, KEY])).toEqual([]);
    expect(await trail.verify([], [OTHER_KEY])).toEqual(['UNKNOWN_KEY 1']);
  });
});

describe('what is not sealed', () => {
  it('is no fault while the job may not have come to it', async () => {
    await trail.addEvent(acme);
    expect(await trail.verify()).toEqual([]);
  });

  it('is told after ten minutes, and where its id is of a time to come', async () => {
    const past = new Date(Date.now() - 11 * MINUTE_MS);
    await trail.addEvent(acme, { id: toLowestId(past.getTime()), at: past });
    await trail.addEvent(acme, { id: toLowestId(Date.now() + 11 * MINUTE_MS) });
    expect(await trail.verify()).toEqual(['UNSEALED', 'UNSEALED']);
  });
});

describe('the audit trail', () => {
  const REACHES = ['tenantry_tenant', 'tenantry_self', 'tenantry_platform', 'tenantry_system'];
  const WRITES = ["update audit_events set reason = ''", 'delete from audit_events', 'truncate audit_events'];
  const SEAL_WRITES = ["update audit_seals set mac = ''", 'delete from audit_seals', 'truncate audit_seals'];

  const asReach = (role: string, statement: string) =>
    withClient(trail.world.database.appUrl, async (client) => {
      await client.query(`set role ${role}`);
      await client.query(statement);
    });

  it.each(REACHES)('is never changed by %s', async (role) => {
    for (const write of [...WRITES, ...SEAL_WRITES]) {
      await expect(asReach(role, write), write).rejects.toThrow('permission denied');
    }
  });

  it.each(REACHES.filter((role) => role !== 'tenantry_system'))('shows its seals to no %s', async (role) => {
    await expect(asReach(role, 'select from audit_seals')).rejects.toThrow('permission denied');
  });
});
