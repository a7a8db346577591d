import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toLowestId } from '../../src/domain/audit-trail/index.ts';
import { OTHER_KEY, openTrail, type Trail } from '../support/audit-trail.ts';

const LINKS = 5;
const HOUR_MS = 3_600_000;

let trail: Trail;
let acme: string;
let ids: readonly string[];

beforeAll(async () => {
  trail = await openTrail();
  acme = trail.world.acme;
  const added: string[] = [];
  for (let count = 0; count < LINKS; count += 1) added.push(await trail.addEvent(acme));
  ids = added;
  await trail.addEvent(trail.world.globex);
  await trail.seal();
  await trail.sql(
    'create schema kept',
    'create table kept.events as select * from public.audit_events',
    'create table kept.seals as select * from public.audit_seals',
  );
});
afterAll(() => trail[Symbol.asyncDispose]());
afterEach(() =>
  trail.sql(
    'truncate audit_events, audit_seals',
    'insert into audit_events select * from kept.events',
    'insert into audit_seals select * from kept.seals',
  ),
);

/** The faults that the owner of the database leaves by these statements; `$n` is the id of the nth event, `$acme` the tenant. */
async function tamper(...statements: readonly string[]): Promise<readonly string[]> {
  const filled = statements.map((text) =>
    text.replaceAll('$acme', `'${acme}'`).replace(/\$(\d)/g, (_, place) => `'${ids[Number(place) - 1]}'`),
  );
  await trail.sql(...filled);
  return trail.verify();
}

const columnsOf = async (table: string) => {
  const rows = await trail.sql<{ readonly name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = '${table}'`,
  );
  return rows.map(({ name }) => name).sort();
};

describe('an event changed in place', () => {
  const CHANGES: Readonly<Record<string, string>> = {
    id: 'gen_random_uuid()',
    tenant_id: '(select id from tenants where id <> $acme)',
    at: "at + interval '1 ms'",
    action: "'test.other'",
    actor_id: 'null',
    actor_kind: "'MACHINE'",
    target_type: "''",
    target_id: "'two'",
    request_id: "'request-2'",
    changes: `'{"role": ["MEMBER", "OWNER"]}'`,
    outcome: "'DENIED'",
    reason: "'because '",
    ip: "'192.0.2.8'",
    count: '2',
  };

  it('is tried in every column there is', async () => {
    expect(Object.keys(CHANGES).sort()).toEqual(await columnsOf('audit_events'));
  });

  it.each(Object.entries(CHANGES).filter(([column]) => column !== 'id'))(
    'is found by its %s',
    async (column, value) => {
      expect(await tamper(`update audit_events set ${column} = ${value} where id = $3`)).toEqual(['CHANGED 3']);
    },
  );

  it('is found by its id', async () => {
    expect(await tamper(`update audit_events set id = gen_random_uuid() where id = $3`)).toContain('REMOVED 3');
  });

  it('is found though nothing but null became text', async () => {
    await trail.sql(`update audit_events set reason = null where tenant_id = '${trail.world.globex}'`);
    expect(await trail.verify()).toEqual(['CHANGED 1']);
  });
});

describe('an event removed', () => {
  it.each([1, 3, LINKS])('is found at place %i', async (place) => {
    expect(await tamper(`delete from audit_events where id = $${place}`)).toEqual([`REMOVED ${place}`]);
  });

  it('with its seal is found by the gap', async () => {
    const faults = await tamper(
      'delete from audit_events where id = $3',
      'delete from audit_seals where event_id = $3',
    );
    expect(faults).toEqual(['GAP 4', 'CHANGED 4']);
  });

  it('with its seal is found at the beginning, too', async () => {
    const faults = await tamper(
      'delete from audit_events where id = $1',
      'delete from audit_seals where event_id = $1',
    );
    expect(faults).toEqual(['GAP 2', 'CHANGED 2']);
  });

  it('with its seal, and the others moved up, is found', async () => {
    const faults = await tamper(
      'delete from audit_events where id = $3',
      'delete from audit_seals where event_id = $3',
      'update audit_seals set seq = seq - 1 where chain = $acme and seq = 4',
      'update audit_seals set seq = seq - 1 where chain = $acme and seq = 5',
    );
    expect(faults).toEqual(['CHANGED 3', 'CHANGED 4']);
  });
});

describe('events put in another order', () => {
  it('are found by what they say', async () => {
    const faults = await tamper(
      "update audit_events set action = 'x' where id = $2",
      `update audit_events set at = (select at - interval '1 min' from audit_events where id = $2) where id = $4`,
    );
    expect(faults).toEqual(['CHANGED 2', 'CHANGED 4']);
  });

  it.each(['event_id', 'seq'])('are found by the %s of their seals', async (column) => {
    const away = column === 'seq' ? '99' : 'gen_random_uuid()';
    const [second, third] = column === 'seq' ? ['2', '3'] : ['$2', '$3'];
    const faults = await tamper(
      `update audit_seals set ${column} = ${away} where chain = $acme and seq = 2`,
      `update audit_seals set ${column} = ${second} where chain = $acme and seq = 3`,
      `update audit_seals set ${column} = ${third} where event_id not in ($1, $2, $3, $4, $5) and chain = $acme or seq = 99`,
    );
    expect(faults).toEqual(expect.arrayContaining(['CHANGED 2', 'CHANGED 3']));
  });
});

describe('an event put in', () => {
  const put = (id: string, at: Date) => trail.addEvent(acme, { id, at });

  it('in the past is found, for it has no seal', async () => {
    const past = new Date(Date.now() - HOUR_MS);
    await put(toLowestId(past.getTime()), past);
    expect(await trail.verify()).toEqual(['UNSEALED']);
  });

  it('in the past is found once the job has sealed it, too', async () => {
    const past = new Date(Date.now() - HOUR_MS);
    await put(toLowestId(past.getTime()), past);
    await trail.seal();
    expect(await trail.verify()).toEqual([`OUT_OF_TIME ${LINKS + 1}`]);
  });

  it('under an id of now, to tell of the past, is found', async () => {
    await trail.addEvent(acme, { at: new Date(Date.now() - HOUR_MS) });
    await trail.seal();
    expect(await trail.verify()).toEqual([`OUT_OF_TIME ${LINKS + 1}`]);
  });

  it.each([
    ['without a key', `'${OTHER_KEY.id}'`, 'UNKNOWN_KEY'],
    ['under the name of the key', '(select key_id from audit_seals limit 1)', 'CHANGED'],
  ])('with a seal made %s is found', async (_, keyId, fault) => {
    const id = await trail.addEvent(acme);
    const seal = `insert into audit_seals select $acme, ${LINKS + 1}, '${id}', sha256('forged'), ${keyId}, now()`;
    expect(await tamper(seal)).toEqual([`${fault} ${LINKS + 1}`]);
  });
});

describe('a seal changed in place', () => {
  const CHANGES: Readonly<Record<string, readonly [value: string, fault: string]>> = {
    chain: ['gen_random_uuid()', 'GAP 3'],
    seq: ['33', 'GAP 33'],
    event_id: ['gen_random_uuid()', 'REMOVED 3'],
    mac: [`sha256('forged')`, 'CHANGED 3'],
    key_id: [`'${OTHER_KEY.id}'`, 'UNKNOWN_KEY 3'],
    sealed_at: [`sealed_at + interval '1 ms'`, 'CHANGED 3'],
  };

  it('is tried in every column there is', async () => {
    expect(Object.keys(CHANGES).sort()).toEqual(await columnsOf('audit_seals'));
  });

  it.each(Object.entries(CHANGES))('is found by its %s', async (column, [value, fault]) => {
    const faults = await tamper(`update audit_seals set ${column} = ${value} where chain = $acme and seq = 3`);
    expect(faults).toContain(fault);
  });
});

describe('a head written down elsewhere', () => {
  const readHead = async () => {
    const [head] = await trail.sql<{ readonly mac: string }>(
      `select encode(mac, 'hex') as mac from audit_seals where chain = '${acme}' and seq = ${LINKS}`,
    );
    return { chain: acme, seq: LINKS, mac: head?.mac ?? '' };
  };

  it('is met by a trail that was left alone, also when it has grown', async () => {
    const head = await readHead();
    await trail.addEvent(acme);
    await trail.seal();
    expect(await trail.verify([head])).toEqual([]);
  });

  it('tells that the end of a chain was cut off', async () => {
    const head = await readHead();
    expect(
      await tamper('delete from audit_events where id = $5', 'delete from audit_seals where event_id = $5'),
    ).toEqual([]);
    expect(await trail.verify([head])).toEqual([`CUT ${LINKS}`]);
  });

  it('tells that a chain was begun anew', async () => {
    const head = await readHead();
    await tamper(
      "update audit_events set actor_id = 'gina' where id = $3",
      'delete from audit_seals where chain = $acme',
    );
    await trail.seal();
    expect(await trail.verify()).toEqual([]);
    expect(await trail.verify([head])).toEqual([`OTHER_HEAD ${LINKS}`]);
  });
});
