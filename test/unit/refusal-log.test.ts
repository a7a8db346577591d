import { beforeEach, describe, expect, it } from 'vitest';
import { type LoggedRefusal, logRefusal } from '../../src/graphql/refusal-log.ts';
import { ACME, aUser } from './access/fixtures.ts';
import { aContext, type RecordedContext } from './directives/world.ts';

const REFUSAL: LoggedRefusal = {
  net: 'directive',
  path: ['members', 'nodes', 3, 'user'],
  field: 'Membership.user',
  code: 'FORBIDDEN',
  rule: '@auth(groups: ["Admins"])',
  reason: 'USER mia does not meet it',
};
const DENIAL = { field: 'Membership.user', code: 'FORBIDDEN', by: 'directive: @auth(groups: ["Admins"])' };
const numbered = (count: number, overrides: Partial<LoggedRefusal> = {}) =>
  Array.from({ length: count }, (_, at) => ({ ...REFUSAL, path: [`field${at}`], ...overrides }));

let context: RecordedContext;
beforeEach(() => {
  context = aContext(aUser());
});

describe('logRefusal', () => {
  it('names what was refused, by which rule, to whom and why', () => {
    logRefusal(context, REFUSAL);
    expect(context.lines).toEqual([
      {
        level: 'info',
        msg: 'refused',
        net: 'directive',
        path: 'members.nodes.user',
        field: 'Membership.user',
        code: 'FORBIDDEN',
        rule: '@auth(groups: ["Admins"])',
        reason: 'USER mia does not meet it',
        caller: { kind: 'USER', sub: 'mia' },
        tenantId: ACME,
      },
    ]);
  });

  it.each([
    ['rule where none of the schema refused', aUser(), { rule: null }, 'rule'],
    ['tenant where the token names none', aUser({ tenantId: null }), {}, 'tenantId'],
    ['caller where there is none', null, {}, 'caller'],
  ])('names no %s', (_, principal, overrides, member) => {
    const context = aContext(principal);
    logRefusal(context, { ...REFUSAL, ...overrides });
    expect(context.lines).toMatchObject([{ reason: REFUSAL.reason }]);
    expect(context.lines[0]).not.toHaveProperty(member);
  });

  it('tells the audit trail what was refused by which rule, and not the reason', () => {
    logRefusal(context, REFUSAL);
    logRefusal(context, { ...REFUSAL, net: 'domain', rule: null });
    expect(context.denials).toEqual([DENIAL, { ...DENIAL, by: 'domain' }]);
  });

  it.each(['UNAUTHENTICATED', 'TOKEN_STALE'] as const)('tells the audit trail nothing of %s', (code) => {
    logRefusal(context, { ...REFUSAL, code });
    expect(context.denials).toEqual([]);
    expect(context.lines).toMatchObject([{ code }]);
  });

  it('writes one line for all rows of a list, and one for each thing that is another', () => {
    logRefusal(context, REFUSAL);
    logRefusal(context, { ...REFUSAL, path: ['members', 'nodes', 4, 'user'] });
    expect(context.lines).toHaveLength(1);
    for (const other of [{ path: ['other'] }, { reason: 'another' }, { code: 'NOT_FOUND' as const }]) {
      logRefusal(context, { ...REFUSAL, ...other });
    }
    const { reason, code } = REFUSAL;
    expect(context.lines.slice(1)).toMatchObject([
      { path: 'other', reason, code },
      { path: 'members.nodes.user', reason: 'another', code },
      { path: 'members.nodes.user', reason, code: 'NOT_FOUND' },
    ]);
  });

  it('writes it again for the next request', () => {
    logRefusal(context, REFUSAL);
    logRefusal({ ...context }, REFUSAL);
    const [first] = context.lines;
    expect(context.lines).toEqual([first, first]);
  });

  it('writes 20 lines of a request and then that there was more, once', () => {
    for (const refusal of numbered(50)) logRefusal(context, refusal);
    const { lines } = context;
    expect(lines.slice(0, 20).map(({ path }) => path)).toEqual(numbered(20).map(({ path }) => path.join()));
    expect(lines.slice(20)).toEqual([{ level: 'info', net: 'directive', msg: 'refused more than is told' }]);
  });

  it('still tells of a foreign row, however many refusals came before it', () => {
    for (const net of ['directive', 'domain'] as const) {
      for (const refusal of numbered(50, { net, reason: net })) logRefusal(context, refusal);
    }
    logRefusal(context, { ...REFUSAL, net: 'row' }, 'warn');
    expect(context.lines.filter(({ level }) => level === 'warn')).toMatchObject([{ net: 'row', msg: 'refused' }]);
  });

  it('cuts what a caller may have made long', () => {
    logRefusal(context, { ...REFUSAL, path: ['a'.repeat(30_000)], reason: 'b'.repeat(30_000) });
    expect(context.lines).toMatchObject([{ path: 'a'.repeat(300), reason: 'b'.repeat(300) }]);
  });
});
