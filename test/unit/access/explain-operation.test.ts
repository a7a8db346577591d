import { buildASTSchema, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { evaluateOperation } from '../../../src/access/evaluate-operation.ts';
import { explainOperation } from '../../../src/access/explain-operation.ts';
import { compilePlan } from '../../../src/access/plan.ts';
import { REGISTRY } from '../../../src/access/registry.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { aMachine, anAdmin, aUser, DIRECTIVES, GLOBEX, NOW } from './fixtures.ts';

const schema = buildASTSchema(
  parse(`${DIRECTIVES}
    type Query { ok: Boolean @public  open: Open @auth  secret: Secret @auth  found: [Found] @auth }
    type Mutation {
      make: MakePayload @auth(groups: ["TenantAdmins"]) @auth(scopes: ["tenantry/members.read"])
      move(input: Move): Int @auth @tenantScoped(argument: "input.tenantId")
      fresh: Int @auth(groups: ["TenantMembers"], maxAuthAgeSeconds: 30, mfa: true)
    }
    input Move { tenantId: ID }
    type MakePayload { open: Open }
    type Open @auth { id: ID  open: Open  staff: Secret }
    type Secret @auth(groups: ["Admins"]) { id: ID  open: Open }
    union Found = Open | Secret
  `),
);
const plan = compilePlan(schema, REGISTRY);

const request = (query: string, variables: Record<string, unknown> = {}) => {
  const document = parse(query);
  const [invalid] = validate(schema, document);
  if (invalid) throw invalid;
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('no operation');
  return { schema, document, operation, variables };
};
const explain = (query: string, principal: Principal | null = aUser()) =>
  explainOperation(plan, request(query), { principal, now: NOW, tenantRules: null });
const verdicts = (...given: Parameters<typeof explain>) =>
  explain(...given).map(({ path, coordinate, decision }) => {
    const verdict = decision === null ? 'not reached' : decision.allowed ? 'allowed' : decision.code;
    return `${path.join('.')} ${coordinate} ${verdict}`;
  });
const refused = (...given: Parameters<typeof explain>) =>
  explain(...given).flatMap(({ decision, missing, sources }) =>
    decision?.allowed === false
      ? [{ missing, rules: sources.map(({ rule, coordinate }) => `${coordinate} ${rule}`) }]
      : [],
  );

describe('explainOperation judges', () => {
  it('every field in its order, by its response path', () => {
    expect(verdicts('{ ok mine: open { id } }')).toEqual([
      'ok Query.ok allowed',
      'mine Query.open allowed',
      'mine.id Open.id allowed',
    ]);
  });

  it('nothing below a refusal: what stands there is not reached', () => {
    expect(verdicts('{ open { staff { id open { id } } } }')).toEqual([
      'open Query.open allowed',
      'open.staff Open.staff FORBIDDEN',
      'open.staff.id Secret.id not reached',
      'open.staff.open Secret.open not reached',
      'open.staff.open.id Open.id not reached',
    ]);
  });

  it('the possible types of a union, each by itself', () => {
    expect(verdicts('{ found { ... on Open { id } ... on Secret { id } } }')).toEqual([
      'found Query.found allowed',
      'found.id Open.id allowed',
      'found Secret FORBIDDEN',
      'found.id Secret.id not reached',
    ]);
  });

  it('a fragment at every place it is spread', () => {
    expect(verdicts('{ a: open { ...F } b: open { ...F } } fragment F on Open { id }')).toContain(
      'b.id Open.id allowed',
    );
  });

  it('fields that merge once', () => {
    expect(verdicts('{ ok ok }')).toEqual(['ok Query.ok allowed']);
  });

  it('not what a directive leaves out', () => {
    expect(verdicts('{ ok secret @include(if: false) { id } }')).toEqual(['ok Query.ok allowed']);
  });
});

describe('explainOperation says', () => {
  it('which rule refused, without those that held', () => {
    expect(refused('{ open { staff { id } } }')).toEqual([
      { missing: 'the group Admins', rules: ['Secret @auth(groups: ["Admins"])'] },
    ]);
  });

  it('each way to what is missing', () => {
    expect(refused('mutation { make { open { id } } }')).toEqual([
      {
        missing: 'the group TenantAdmins, or the scope tenantry/members.read',
        rules: ['Mutation.make @auth(groups: ["TenantAdmins"]) | @auth(scopes: ["tenantry/members.read"])'],
      },
    ]);
  });

  it('what a new sign-in must prove', () => {
    expect(refused('mutation { fresh }')[0]?.missing).toBe('a sign-in at most 30 seconds old and a second factor');
    expect(refused('mutation { fresh }', aUser({ mfa: true }))[0]?.missing).toBe('a sign-in at most 30 seconds old');
  });

  it('that the token names no tenant', () => {
    expect(refused('mutation { move }', anAdmin())).toEqual([
      {
        missing: 'a tenant in the token',
        rules: ['Mutation.move @tenantScoped(argument: "input.tenantId", reach: TENANT)'],
      },
    ]);
  });

  it('which argument names a tenant that is not the own', () => {
    expect(refused(`mutation { move(input: { tenantId: "${GLOBEX}" }) }`)).toEqual([
      {
        missing: "the token's own tenant in the argument input.tenantId",
        rules: ['Mutation.move @tenantScoped(argument: "input.tenantId", reach: TENANT)'],
      },
    ]);
  });

  it('that a stranger has no token, and every rule that asks for one', () => {
    expect(refused('{ open { id } }', null)).toEqual([
      { missing: 'an access token', rules: ['Query.open @auth', 'Open @auth'] },
    ]);
  });

  it('where the rules stand that an allowed field meets', () => {
    const [, id] = explain('{ secret { id } }', anAdmin());
    expect(id?.sources.map(({ coordinate }) => coordinate)).toEqual(['Secret']);
  });
});

describe('explainOperation and evaluateOperation', () => {
  it.each([
    '{ ok open { id staff { id } } secret { id } found { ... on Secret { open { id } } ... on Open { id } } }',
    '{ a: open { ...F } b: open { open { ...F } } } fragment F on Open { staff { id } }',
    'mutation { make { open { staff { id } } } fresh move again: move(input: { tenantId: "elsewhere" }) }',
  ])('refuse the same of %s, to every caller', (query) => {
    for (const principal of [
      null,
      aUser(),
      aUser({ tenantId: null }),
      anAdmin(),
      aMachine(),
      aMachine({ scopes: [] }),
    ]) {
      const denials = evaluateOperation(plan, request(query), { principal, now: NOW, tenantRules: null });
      const named = denials.map(({ path, refusal }) => `${path.join('.')} ${refusal.code}`);
      const judged = explain(query, principal).flatMap(({ path, decision }) =>
        decision?.allowed === false ? [`${path.join('.')} ${decision.code}`] : [],
      );
      // A refusal in a fragment is named once before execution, and explained wherever it is spread.
      expect(judged).toEqual(expect.arrayContaining(named));
      expect(judged.length > 0).toBe(named.length > 0);
    }
  });
});
