import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { Path, Step } from './paths.ts';

/** What names a row and its owner, asked for on the way. */
const OWN_FIELDS = ['id', 'tenantId'];

/**
 * The operation that asks for a path: every plain field of the type it ends at, and the ids of the rows on the way. Each
 * argument stands there as a variable; one that is not given counts as left out.
 */
export function toOperation({ operation, steps }: Path): string {
  const variables = steps.flatMap(({ field }, at) =>
    field.args.map(({ name, type }) => `$${toVariable(name, at)}: ${type}`),
  );
  const head = variables.length === 0 ? operation : `${operation} (${variables.join(', ')})`;
  return `${head} { ${printStep(steps, 0)} }`;
}

/** The variable that holds an argument of the path's step at this place. */
export function toVariable(argument: string, at: number): string {
  return `${argument}${at}`;
}

function printStep(steps: readonly Step[], at: number): string {
  const step = steps[at];
  if (step === undefined) return '';
  const { field, type } = step;
  const args = field.args.map(({ name }) => `${name}: $${toVariable(name, at)}`);
  const call = args.length === 0 ? field.name : `${field.name}(${args.join(', ')})`;
  if (isLeafType(type)) return call;
  const isLast = at === steps.length - 1;
  const selections = [...plainFields(type, isLast), isLast ? '__typename' : printStep(steps, at + 1)].join(' ');
  return `${call} { ${isAbstractType(getNamedType(field.type)) ? `... on ${type.name} { ${selections} }` : selections} }`;
}

// It would refuse a whole mutation to those who may do all but read it; what it holds has a test of its own.
function isRuled({ astNode }: GraphQLField<unknown, unknown>): boolean {
  return astNode?.directives?.some(({ name }) => name.value === 'auth') ?? false;
}

function plainFields(type: GraphQLNamedType, isLast: boolean): readonly string[] {
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields())
    .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
    .filter((field) => !isRuled(field))
    .map(({ name }) => name)
    .filter((name) => isLast || OWN_FIELDS.includes(name));
}
