import {
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { coordinateOf, type Path, type Step } from './paths.ts';

/** A place in the arguments of a path that holds an id. */
export type IdSlot = {
  /** The step of the path whose argument it is. */
  readonly step: number;
  /** `Mutation.removeMember`. */
  readonly coordinate: string;
  /** `input.membershipId`. */
  readonly name: string;
  /** The keys down to it, the argument first; 0 for the one item of a list. */
  readonly at: readonly Key[];
  readonly isRequired: boolean;
};

export type Key = string | 0;

type Found = Pick<IdSlot, 'at' | 'isRequired'>;

export function findIdSlots({ steps }: Pick<Path, 'steps'>): readonly IdSlot[] {
  return steps.flatMap(toSlots);
}

function toSlots(step: Step, index: number): readonly IdSlot[] {
  return step.field.args
    .flatMap(({ name, type }) => idsIn(type, [name], []))
    .map(({ at, isRequired }) => {
      const name = at.filter((key) => key !== 0).join('.');
      return { step: index, coordinate: coordinateOf(step), name, at, isRequired };
    });
}

// An input that holds itself ends at its second self.
function idsIn(type: GraphQLInputType, at: readonly Key[], within: readonly string[]): readonly Found[] {
  const nullable = getNullableType(type);
  const isRequired = isNonNullType(type);
  if (isListType(nullable))
    return idsIn(nullable.ofType, [...at, 0], within).map((found) => ({ ...found, isRequired }));
  const { name } = getNamedType(type);
  if (name === 'ID') return [{ at, isRequired }];
  if (!isInputObjectType(nullable) || within.includes(name)) return [];
  return Object.values(nullable.getFields())
    .flatMap((field) => idsIn(field.type, [...at, field.name], [...within, name]))
    .map((found) => ({ ...found, isRequired: isRequired && found.isRequired }));
}
