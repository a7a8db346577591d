import { beforeEach, describe, expect, it } from 'vitest';
import { createDenialBook, type Denial, type DenialBook } from '../../src/domain/audit-trail/index.ts';
import { ACME, aUser } from './access/fixtures.ts';

const DENIAL: Denial = { field: 'Query.tenants', code: 'FORBIDDEN', by: 'directive: @auth(groups: ["Admins"])' };
const MINUTE = Date.parse('2026-11-27T10:00:00Z');
const NEXT = MINUTE + 60_000;

let requests = 0;
const from = (overrides: object = {}) => {
  requests += 1;
  return { principal: aUser(), requestId: `request-${requests}`, ip: '192.0.2.7', ...overrides };
};
const deny = (caller = from(), denial = DENIAL, at = MINUTE) => denials.open(caller, new Date(at))(denial);

let denials: DenialBook;
beforeEach(() => {
  denials = createDenialBook();
  requests = 0;
});

/** What is kept of the book at this instant. */
async function flush(now = MINUTE): Promise<readonly object[]> {
  const kept: object[] = [];
  await denials.flush(async (rows) => void kept.push(...rows), now);
  return kept;
}

describe('a book of refusals', () => {
  it('tells who was refused which field, by what, and from where', async () => {
    deny();
    expect(await flush()).toEqual([
      {
        action: 'access.denied',
        tenantId: ACME,
        at: new Date(MINUTE),
        actorId: 'mia',
        actorKind: 'USER',
        targetType: 'Query',
        targetId: 'Query.tenants',
        outcome: 'DENIED',
        reason: 'FORBIDDEN by directive: @auth(groups: ["Admins"])',
        requestId: 'request-1',
        ip: '192.0.2.7',
        count: 1,
      },
    ]);
  });

  it('tells of many within a minute once, with their number and the first of them', async () => {
    for (let count = 0; count < 5; count += 1) deny();
    expect(await flush()).toMatchObject([{ count: 5, requestId: 'request-1' }]);
  });

  it('tells of those that follow once their minute is over, and then no more', async () => {
    deny();
    await flush();
    for (let count = 0; count < 3; count += 1) deny();
    expect(await flush()).toEqual([]);
    expect(await flush(NEXT)).toMatchObject([{ count: 3, requestId: 'request-2' }]);
    expect(await flush(NEXT)).toEqual([]);
  });

  it('counts one request once, however many rows and decisions were refused in it', async () => {
    const note = denials.open(from(), new Date(MINUTE));
    for (let count = 0; count < 100; count += 1) note(DENIAL);
    expect(await flush()).toMatchObject([{ count: 1 }]);
  });

  it.each([
    ['another caller', () => deny(from({ principal: aUser({ subject: 'adam' }) }))],
    ['another kind of caller of the same name', () => deny(from({ principal: aUser({ kind: 'MACHINE' }) }))],
    ['another tenant', () => deny(from({ principal: aUser({ tenantId: null }) }))],
    ['another field', () => deny(from(), { ...DENIAL, field: 'Query.users' })],
    ['another code', () => deny(from(), { ...DENIAL, code: 'STEP_UP_REQUIRED' })],
    ['another rule', () => deny(from(), { ...DENIAL, by: 'domain' })],
    ['another minute', () => deny(from(), DENIAL, NEXT)],
  ])('tells apart %s', async (_, denyOther) => {
    deny();
    denyOther();
    expect(await flush()).toMatchObject([{ count: 1 }, { count: 1 }]);
  });

  it('loses none while they cannot be kept', async () => {
    deny();
    const away = denials.flush(async () => {
      deny();
      throw new Error('away');
    }, MINUTE);
    await expect(away).rejects.toThrow('away');
    deny();
    expect(await flush()).toMatchObject([{ count: 3, requestId: 'request-1' }]);
  });

  it('says how many found no room, once, and has room again when a minute is over', async () => {
    denials = createDenialBook(2);
    for (const subject of ['one', 'two', 'three', 'four', 'one']) deny(from({ principal: aUser({ subject }) }));
    expect(await denials.flush(async () => undefined, NEXT)).toEqual({ dropped: 2 });
    expect(await denials.flush(async () => undefined, NEXT)).toEqual({ dropped: 0 });
    deny(from(), DENIAL, NEXT);
    expect(await flush(NEXT)).toHaveLength(1);
  });

  it('cuts a rule that is longer than a reason may be', async () => {
    deny(from(), { ...DENIAL, by: 'x'.repeat(500) });
    const [{ reason }] = (await flush()) as [{ readonly reason: string }];
    expect(reason).toHaveLength(200);
  });

  it('hands on as many as one transaction takes', async () => {
    for (let count = 0; count < 2_500; count += 1) deny(from({ principal: aUser({ subject: `s${count}` }) }));
    const sizes: number[] = [];
    await denials.flush(async (rows) => void sizes.push(rows.length), MINUTE);
    expect(sizes).toEqual([1_000, 1_000, 500]);
  });
});
