import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type LoggedRefusal, logRefusal } from '../../src/graphql/refusal-log.ts';
import { ACME, aUser } from './access/fixtures.ts';
import { aContext } from './directives/world.ts';

const REFUSAL: LoggedRefusal = {
  net: 'directive',
  path: ['members', 'nodes', 3, 'user'],
  field: 'Membership.user',
  code: 'FORBIDDEN',
  rule: '@auth(groups: ["Admins"])',
  reason: 'USER mia does not meet it',
};
const numbered = (count: number, overrides: Partial<LoggedRefusal> = {}) =>
  Array.from({ length: count }, (_, at) => ({ ...REFUSAL, path: [`field${at}`], ...overrides }));

const entryOf = ({ log }: ReturnType<typeof aContext>) => vi.mocked(log.info).mock.calls[0]?.[0];

let context: ReturnType<typeof aContext>;
beforeEach(() => {
  context = aContext(aUser());
});

describe('logRefusal', () => {
  it('names what was refused, by which rule, to whom and why', () => {
    logRefusal(context, REFUSAL);
    expect(context.log.info).toHaveBeenCalledExactlyOnceWith(
      {
        net: 'directive',
        path: 'members.nodes.user',
        field: 'Membership.user',
        code: 'FORBIDDEN',
        rule: '@auth(groups: ["Admins"])',
        reason: 'USER mia does not meet it',
        caller: { kind: 'USER', sub: 'mia' },
        tenantId: ACME,
      },
      'refused',
    );
  });

  it.each([
    ['rule where none of the schema refused', aUser(), { rule: null }, 'rule'],
    ['tenant where the token names none', aUser({ tenantId: null }), {}, 'tenantId'],
    ['caller where there is none', null, {}, 'caller'],
  ])('names no %s', (_, principal, overrides, member) => {
    const context = aContext(principal);
    logRefusal(context, { ...REFUSAL, ...overrides });
    expect(entryOf(context)).toHaveProperty('reason');
    expect(entryOf(context)).not.toHaveProperty(member);
  });

  it('tells the audit trail what was refused by which rule, and not the reason', () => {
    logRefusal(context, REFUSAL);
    logRefusal(context, { ...REFUSAL, net: 'domain', rule: null });
    expect(vi.mocked(context.noteDenial).mock.calls).toEqual([
      [{ field: 'Membership.user', code: 'FORBIDDEN', by: 'directive: @auth(groups: ["Admins"])' }],
      [{ field: 'Membership.user', code: 'FORBIDDEN', by: 'domain' }],
    ]);
  });

  it.each(['UNAUTHENTICATED', 'TOKEN_STALE'] as const)('tells the audit trail nothing of %s', (code) => {
    logRefusal(context, { ...REFUSAL, code });
    expect(context.noteDenial).not.toHaveBeenCalled();
  });

  it('writes one line for all rows of a list, and one for each thing that is another', () => {
    logRefusal(context, REFUSAL);
    logRefusal(context, { ...REFUSAL, path: ['members', 'nodes', 4, 'user'] });
    expect(context.log.info).toHaveBeenCalledTimes(1);
    for (const other of [{ path: ['other'] }, { reason: 'another' }, { code: 'NOT_FOUND' as const }]) {
      logRefusal(context, { ...REFUSAL, ...other });
    }
    expect(context.log.info).toHaveBeenCalledTimes(4);
  });

  it('writes it again for the next request', () => {
    logRefusal(context, REFUSAL);
    logRefusal({ ...context }, REFUSAL);
    expect(context.log.info).toHaveBeenCalledTimes(2);
  });

  it('writes 20 lines of a request and then that there was more, once', () => {
    for (const refusal of numbered(50)) logRefusal(context, refusal);
    expect(context.log.info).toHaveBeenCalledTimes(21);
    expect(context.log.info).toHaveBeenLastCalledWith({ net: 'directive' }, 'refused more than is told');
  });

  it('still tells of a foreign row, however many refusals came before it', () => {
    for (const net of ['directive', 'domain'] as const) {
      for (const refusal of numbered(50, { net, reason: net })) logRefusal(context, refusal);
    }
    logRefusal(context, { ...REFUSAL, net: 'row' }, 'warn');
    expect(context.log.warn).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ net: 'row' }), 'refused');
  });

  it('cuts what a caller may have made long', () => {
    logRefusal(context, { ...REFUSAL, path: ['a'.repeat(30_000)], reason: 'b'.repeat(30_000) });
    expect(JSON.stringify(entryOf(context)).length).toBeLessThan(1_000);
  });
});
