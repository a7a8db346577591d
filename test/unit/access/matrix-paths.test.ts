import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { evaluateOperation } from '../../../src/access/evaluate-operation.ts';
import { toMatrix } from '../../../src/access/matrix.ts';
import { REGISTRY } from '../../../src/access/registry.ts';
import { buildSchema, loadTypeDefs } from '../../../src/graphql/schema.ts';

const { schema, plan } = buildSchema({ typeDefs: loadTypeDefs('schema'), resolvers: {}, registry: REGISTRY });
const { columns, cells } = toMatrix(plan, REGISTRY);
const LONGEST = 5;

const SOME: Readonly<Record<string, string>> = { Int: '1', Boolean: 'true' };

type Path = { readonly coordinate: string; readonly text: string };

/** Some value of the type; wherever an id is wanted, the tenant of the columns. */
function toLiteral(type: GraphQLInputType): string {
  const plain = getNullableType(type);
  if (isListType(plain)) return '[]';
  if (isEnumType(plain)) return plain.getValues()[0]?.name ?? 'null';
  if (!isInputObjectType(plain)) return SOME[plain.name] ?? '"some-tenant"';
  return `{ ${Object.values(plain.getFields()).map(({ name, type }) => `${name}: ${toLiteral(type)}`)} }`;
}

function toArguments(args: readonly GraphQLArgument[]): string {
  const wanted = args.filter((argument) => isRequiredArgument(argument) || ['id', 'tenantId'].includes(argument.name));
  return wanted.length === 0 ? '' : `(${wanted.map(({ name, type }) => `${name}: ${toLiteral(type)}`)})`;
}

function pathsFrom(type: GraphQLObjectType, wrap: (inner: string) => string, length = 1): readonly Path[] {
  return Object.values(type.getFields()).flatMap((field) => {
    const at = `${field.name}${toArguments(field.args)}`;
    const returned = getNamedType(field.type);
    const text = wrap(isLeafType(returned) ? at : `${at} { __typename }`);
    const here = { coordinate: `${type.name}.${field.name}`, text };
    if (!isObjectType(returned) || length === LONGEST) return [here];
    return [here, ...pathsFrom(returned, (inner) => wrap(`${at} { ${inner} }`), length + 1)];
  });
}

const roots = [schema.getQueryType(), schema.getMutationType()].filter(isObjectType);
const paths = roots.flatMap((root) => pathsFrom(root, (inner) => `${root.name.toLowerCase()} { ${inner} }`));

function isAllowed({ text }: Path, principal: (typeof columns)[number]['principal']): boolean {
  const document = parse(text);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  const request = { schema, document, operation, variables: {} };
  const denials = evaluateOperation(plan, request, { principal, now: new Date(0), tenantRules: null });
  return denials.every(({ refusal }) => refusal.code === 'STEP_UP_REQUIRED');
}

describe('the matrix, against every path through the contract', () => {
  it('is tried on every field', () => {
    expect(new Set(paths.map(({ coordinate }) => coordinate))).toEqual(new Set(cells.keys()));
    expect(paths.length).toBeGreaterThan(150);
  });

  it.each(columns.map((column, at) => ({ ...column, at })))('says no to $key where each path does', (column) => {
    const open = paths.filter((path) => isAllowed(path, column.principal)).map(({ coordinate }) => coordinate);
    const given = [...cells].filter(([, row]) => row[column.at] !== 'no').map(([coordinate]) => coordinate);
    expect(given.filter((coordinate) => !open.includes(coordinate))).toEqual([]);
  });

  // Others are let along paths on which there is nothing for them: own rows of a machine, rows of no tenant.
  it.each(['member', 'admin', 'owner'])('says no to %s nowhere else', (key) => {
    const at = columns.findIndex((column) => column.key === key);
    const open = paths.filter((path) => isAllowed(path, columns[at]?.principal ?? null));
    expect(open.filter(({ coordinate }) => cells.get(coordinate)?.[at] === 'no')).toEqual([]);
  });
});
