import { type FieldNode, type GraphQLArgument, type GraphQLField, Kind, type ValueNode } from 'graphql';

/** How many items a list may have, at the least and at the most that is known of it. */
export type Size = { readonly least: number; readonly most: number };

/** The size a variable stands for. */
export type SizeOfVariable = (name: string) => Size;

// The bounds the domain holds every page to; beyond them it answers no page at all.
const MIN = 1;
const MAX = 100;

export const DEFAULT_SIZE: Size = { least: 20, most: 20 };
export const ANY_SIZE: Size = { least: MIN, most: MAX };
/** Of a list that takes no size. The domain ends those at a hundred, but two within each other must stay affordable. */
export const UNSIZED: Size = { least: 50, most: 50 };

/** The page a field is asked for by `first` or `last`; null for a field that takes neither. */
export function toPageSize(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  sizeOfVariable: SizeOfVariable,
): Size | null {
  const names = field.args.filter(({ name }) => name === 'first' || name === 'last');
  if (names.length === 0) return null;
  const sizes = names.flatMap((argument) => toArgumentSize(argument, node, sizeOfVariable) ?? []);
  return sizes.length === 0 ? DEFAULT_SIZE : sizes.reduce(toLarger);
}

/** The size a value asks for: null and what is no number count as nothing said. */
export function toSize(value: unknown): Size {
  if (typeof value !== 'number') return DEFAULT_SIZE;
  const size = Math.min(Math.max(value, MIN), MAX);
  return { least: size, most: size };
}

export function toLiteralSize(value: ValueNode | undefined): Size {
  return toSize(value?.kind === Kind.INT ? Number(value.value) : null);
}

function toArgumentSize(argument: GraphQLArgument, node: FieldNode, sizeOfVariable: SizeOfVariable): Size | null {
  const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
  if (given === undefined) return argument.defaultValue === undefined ? null : toSize(argument.defaultValue);
  return given.kind === Kind.VARIABLE ? sizeOfVariable(given.name.value) : toLiteralSize(given);
}

export function toLarger(one: Size, other: Size): Size {
  return { least: Math.max(one.least, other.least), most: Math.max(one.most, other.most) };
}
