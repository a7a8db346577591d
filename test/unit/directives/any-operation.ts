import fc from 'fast-check';
import { ACME, GLOBEX } from '../access/fixtures.ts';

// Four types with the same fields, so that any selection fits any schema: a value, an object for a tenant that may be named,
// a list of everything. The first two are members of an interface, and so have the rules they share with it.
export const TYPES = [0, 1, 2, 3];

const RULES = [
  '@auth',
  '@auth(groups: ["Admins"])',
  '@auth(groups: ["TenantMembers"]) @auth(scopes: ["tenantry/members.read"])',
  '@auth(callers: [USER])',
  '@auth(mfa: true)',
  '@auth(maxAuthAgeSeconds: 900)',
  '@auth(groups: ["Admins"]) @auth(maxAuthAgeSeconds: 900, mfa: true)',
];
const rule = fc.constantFrom(...RULES);
const fieldRule = fc.constantFrom('', '', ...RULES);
const scope = fc.constantFrom(
  '',
  '',
  '@tenantScoped',
  '@tenantScoped(reach: SELF)',
  '@tenantScoped(argument: "tenant")',
  '@tenantScoped(argument: "tenant", reach: PLATFORM)',
);
const tenantArgument = fc.constantFrom('tenant: ID', `tenant: ID = "${ACME}"`, `tenant: ID = "${GLOBEX}"`);
const returned = fc.constantFrom(...TYPES);

const aType = fc.record({
  own: rule,
  x: fieldRule,
  a: fieldRule,
  aScope: scope,
  b: fieldRule,
  tenantArgument,
  returned,
});
const aRoot = fc.record({ a: rule, aScope: scope, b: rule, i: rule, tenantArgument });

/** SDL with a query type and a mutation type that hold the same fields. */
export const anySdl = fc
  .record({ types: fc.tuple(aType, aType, aType, aType), shared: aType, root: aRoot })
  .map(({ types, shared, root }) => {
    const fields = `ok(id: ID, on: Boolean): Boolean @public  a(${root.tenantArgument}): T0 ${root.a} ${root.aScope}
      b: [U] ${root.b}  i: [I] ${root.i}`;
    return [
      `type Query { ${fields} } type Mutation { ${fields} }`,
      `interface I ${shared.own} { x: Int ${shared.x} }`,
      `union U = ${TYPES.map((i) => `T${i}`).join(' | ')}`,
      ...types.map((type, i) => {
        const { own, x } = i < 2 ? shared : type;
        return `type T${i} ${i < 2 ? 'implements I' : ''} ${own} {
          tenant: ID  x: Int ${x}  a(${type.tenantArgument}): T${type.returned} ${type.a} ${type.aScope}  b: [U] ${type.b} }`;
      }),
    ].join('\n');
  });

// One response key for each way to write the field, so that fields of one key always merge.
const OBJECTS = ['a', 'c: a(tenant: $tenant)', `d: a(tenant: "${ACME}")`, `e: a(tenant: "${GLOBEX}")`];
const CONDITIONS = ['', '', '', '', '@include(if: $on)', '@skip(if: $on)', '@include(if: $off)', '@skip(if: true)'];

/** Selections on an object type, on the union, and on the interface; fragments among `fragments` may be spread in them. */
function anySelection(fragments: readonly string[]) {
  const spreads = fragments.length > 0 ? [fc.constantFrom(...fragments).map((name) => `...${name}`)] : [];
  const condition = fc.constantFrom(...CONDITIONS);
  const join = (parts: readonly string[]) => `{ ${parts.join(' ')} }`;
  return fc.letrec<{ object: string; union: string; node: string }>((tie) => {
    const onType = fc.tuple(returned, condition, tie('object')).map(([i, on, inner]) => `... on T${i} ${on} ${inner}`);
    const onMember = fc.tuple(fc.constantFrom(0, 1), tie('object')).map(([i, inner]) => `... on T${i} ${inner}`);
    const object = fc.oneof(
      { depthSize: 'xsmall', withCrossShrink: true },
      fc.constantFrom('x', 'y: x', '__typename', 'y: x @include(if: $on)'),
      ...spreads,
      fc.tuple(fc.constantFrom(...OBJECTS), condition, tie('object')).map((parts) => parts.join(' ')),
      fc.tuple(condition, tie('object')).map(([on, inner]) => `... ${on} ${inner}`),
      tie('union').map((inner) => `b ${inner}`),
    );
    return {
      object: fc.array(object, { minLength: 1, maxLength: 3 }).map(join),
      union: fc.array(fc.oneof(onType, ...spreads), { minLength: 1, maxLength: 3 }).map(join),
      node: fc
        .array(fc.oneof(fc.constantFrom('x', '__typename'), onMember, ...spreads), { minLength: 1, maxLength: 3 })
        .map(join),
    };
  });
}

const FRAGMENTS = ['F0', 'F1', 'F2'];
const bodies = fc.tuple(...FRAGMENTS.map((_, i) => anySelection(FRAGMENTS.slice(i + 1)).union));
const main = anySelection(FRAGMENTS);
const variables = fc.record(
  { on: fc.boolean(), off: fc.boolean(), tenant: fc.constantFrom(ACME, GLOBEX, null) },
  { requiredKeys: ['on'] },
);

export type AnyOperation = { readonly query: string; readonly variables: Record<string, unknown> };

/** A document with one operation of that kind, and variables for it. */
export const anyOperation = (kind: 'query' | 'mutation'): fc.Arbitrary<AnyOperation> =>
  fc
    .record({
      object: fc.tuple(fc.constantFrom(...OBJECTS), main.object).map((parts) => parts.join(' ')),
      union: main.union,
      node: main.node,
      bodies,
      fallback: fc.constantFrom('', ` = "${ACME}"`, ` = "${GLOBEX}"`),
      variables,
    })
    .map(({ object, union, node, bodies, fallback, variables }) => {
      const operation = `${kind} ($on: Boolean!, $off: Boolean = true, $tenant: ID${fallback}) {
        ok(id: $tenant, on: $off) @include(if: $on)  ${object}  b ${union}  i ${node} }`;
      return { query: withFragments(operation, bodies), variables };
    });

/** The same with each fragment spread at one place at most. */
export function spreadOnce({ query, variables }: AnyOperation): AnyOperation {
  const seen = new Set<string>();
  const once = (spread: string) => (seen.has(spread) ? '__typename' : seen.add(spread) && spread);
  return { query: query.replaceAll(/\.\.\.F\d/g, once), variables };
}

// A fragment that is spread nowhere is not valid.
function withFragments(operation: string, bodies: readonly string[]): string {
  return FRAGMENTS.reduce(
    (text, name, i) => (text.includes(`...${name}`) ? `${text} fragment ${name} on U ${bodies[i]}` : text),
    operation,
  );
}
