import { describe, expect, it } from 'vitest';
import { BARE, type Clause, type Condition, clausesBeyond, toClause, toRule } from '../../../src/access/rule.ts';

const NOTHING: Condition = { groups: null, scopes: null, callers: null, maxAuthAgeSeconds: null, mfa: false };
const clauseOf = (...alternatives: readonly Partial<Condition>[]) =>
  toClause(alternatives.map((given) => ({ ...NOTHING, ...given })));
const textOf = (...clauses: readonly Clause[]) => toRule(clauses).text;

const OWNERS = clauseOf({ groups: ['TenantOwners'] });
const READERS = clauseOf({ groups: ['Users'] }, { scopes: ['tenantry/members.read'] });

describe('a rule is written', () => {
  it('as "open" where nothing is asked', () => {
    expect(textOf()).toBe('open');
  });

  it('as its one clause stands in the schema, every argument in it', () => {
    const full = clauseOf({ groups: ['B', 'A'], scopes: ['s'], callers: ['USER'], maxAuthAgeSeconds: 9, mfa: true });
    expect(textOf(full)).toBe(
      '@auth(groups: ["A", "B"], scopes: ["s"], callers: [USER], maxAuthAgeSeconds: 9, mfa: true)',
    );
  });

  it('with alternatives between bars, and in brackets where another clause stands beside them', () => {
    expect(textOf(READERS)).toBe('@auth(groups: ["Users"]) | @auth(scopes: ["tenantry/members.read"])');
    expect(textOf(OWNERS, READERS)).toBe(
      '@auth(groups: ["TenantOwners"]) & (@auth(groups: ["Users"]) | @auth(scopes: ["tenantry/members.read"]))',
    );
  });

  it('in the same words, whatever the order it was declared in', () => {
    const turned = clauseOf({ scopes: ['tenantry/members.read'] }, { groups: ['Users', 'Users'] });
    expect(textOf(turned, OWNERS, turned)).toBe(textOf(OWNERS, READERS));
  });

  it('without the bare clause, which any other implies, unless it is the only one', () => {
    expect(textOf(BARE, OWNERS)).toBe('@auth(groups: ["TenantOwners"])');
    expect(textOf(BARE, BARE)).toBe('@auth');
  });
});

describe('the clauses beyond what was proven', () => {
  it('are all of them where nothing was', () => {
    expect(clausesBeyond([BARE, OWNERS], toRule([]))).toEqual([BARE, OWNERS]);
  });

  it('are neither those that were, nor the bare one, which any proof implies', () => {
    expect(clausesBeyond([BARE, OWNERS, READERS], toRule([OWNERS]))).toEqual([READERS]);
  });
});
