import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NO_TENANT } from '../../src/domain/audit-trail/index.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { idsOf } from '../support/people.ts';
import { AUDIT_SECRET, type Product, startBeside, startProduct } from '../support/product.ts';
import { startProcess } from '../support/start-process.ts';
import { captureLog } from '../support/transcript.ts';

const RENAME = 'mutation { updateProfile(input: { displayName: "Mia the Second" }) { user { id } } }';

type Line = {
  readonly msg: string;
  readonly audit?: Readonly<Record<string, unknown>>;
  readonly head?: { readonly chain: string; readonly seq: number; readonly mac: string };
};

let product: Product;
let told: readonly Line[];

// One product writes and never seals; a second one on the same database seals what is there.
beforeAll(async () => {
  product = await startProduct();
  await product.query(await product.tokenOf('mia@acme.test'), RENAME, {}, { 'x-request-id': 'rename-1' });
  const { log, lines } = captureLog('info');
  await using _ = await startBeside(product, { app: { keepIntervalMs: 20, log } });
  const readLog = (): readonly Line[] => lines.map((line) => JSON.parse(line));
  const unsealed = 'select from audit_events e where not exists (select from audit_seals where event_id = e.id)';
  await vi.waitFor(async () => {
    expect(await product.sql(unsealed)).toEqual([]);
    expect(readLog().some(({ head }) => head)).toBe(true);
  }, EVENTUALLY);
  told = readLog();
});
afterAll(() => product[Symbol.asyncDispose]());

const verify = (...args: string[]) =>
  startProcess(['cli/audit-verify.ts', ...args], {
    DATABASE_URL: product.database.appUrl,
    AUDIT_SECRETS: AUDIT_SECRET,
  });

describe('the log', () => {
  it('tells every event once it is kept, in order and once', async () => {
    const events = await product.sql<{ readonly id: string }>('select id from audit_events order by id');
    expect(told.flatMap(({ audit }) => (audit ? [audit['id']] : []))).toEqual(events.map(({ id }) => id));
  });

  it('tells who did what from where, and no name', async () => {
    const { sub } = await idsOf(product, 'mia@acme.test', 'acme');
    const line = told.find(({ audit }) => audit?.['action'] === 'user.update');
    expect(line).toMatchObject({
      msg: 'audit',
      audit: { actorId: sub, requestId: 'rename-1', ip: '127.0.0.1', count: 1, changes: { fields: ['displayName'] } },
    });
    expect(JSON.stringify(told)).not.toContain('the Second');
  });
});

describe('npm run audit:verify', () => {
  const headOf = () => {
    const head = told.findLast(({ head }) => head)?.head;
    return `${head?.chain}:${head?.seq}:${head?.mac}`;
  };

  it('ends with 0 where all is as it was sealed, and has the heads of the log in it', async () => {
    const { code, output } = await verify('--head', headOf());
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/^\d+ sealed events in \d+ chains: all as/),
    });
  });

  it('ends with 1 and says what is wrong with a head that is none', async () => {
    const { code, errorLines } = await verify('--head', 'acme:1:2');
    expect([code, errorLines[0]]).toEqual([1, expect.stringContaining('--head takes <chain>:<seq>:<mac>')]);
  });

  it('ends with 2 where something is not, and names the tenant and the event', async () => {
    const [event] = await product.sql<{ readonly id: string }>(
      `update audit_events set actor_id = null where action = 'user.update' returning id`,
    );
    const { code, output } = await verify();
    expect(code).toBe(2);
    expect(output).toMatch(new RegExp(`^CHANGED no tenant, event ${event?.id}, seal \\d+: `));
    const { output: json } = await verify('--json');
    const fault = { kind: 'CHANGED', chain: NO_TENANT, eventId: event?.id };
    expect(JSON.parse(json)).toMatchObject({ faultCount: 1, faults: [fault] });
  });
});
