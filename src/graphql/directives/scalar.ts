import { GraphQLScalarType, isSpecifiedScalarType } from 'graphql';
import { stampOf } from '../../store/stamp.ts';

/**
 * A scalar of one's own sends whatever it is handed, and no rule looks inside: rows of the store are kept out of it, by
 * an error that is no client's to read.
 */
export function withoutRows(type: GraphQLScalarType): GraphQLScalarType {
  if (isSpecifiedScalarType(type)) return type;
  const { serialize, ...config } = type.toConfig();
  const checked = (value: unknown) => {
    assertNoRow(value, type.name);
    return serialize(value);
  };
  return new GraphQLScalarType({ ...config, serialize: checked });
}

function assertNoRow(value: unknown, scalar: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (stampOf(value)) throw new Error(`${scalar} was handed a row; return the row as its own type, which has a rule`);
  for (const part of Object.values(value)) assertNoRow(part, scalar);
}
