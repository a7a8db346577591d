import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  OperationTypeNode,
} from 'graphql';

export const MAX_LENGTH = 4;

/** One field on the way. `type` is what it leads to: an object, or at the root also a plain value. */
export type Step = {
  readonly parent: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly type: GraphQLNamedType;
};

export type Path = {
  /** `Query.members.nodes.user`. */
  readonly name: string;
  readonly operation: OperationTypeNode;
  /** `Query.members`. */
  readonly root: string;
  readonly steps: readonly Step[];
  /** The name of the type it ends at. */
  readonly end: string;
};

/**
 * Every way from Query and Mutation to an object, of at most MAX_LENGTH fields. Only its length ends a circle: a path may
 * pass a type as often as fits. Through an interface or a union there is one path for each type that may stand there. A
 * root field with a plain value is a path too, so that no root field is left out.
 */
export function findPaths(schema: GraphQLSchema): readonly Path[] {
  return [OperationTypeNode.QUERY, OperationTypeNode.MUTATION].flatMap((operation) => {
    const root = schema.getRootType(operation);
    return root ? stepsFrom(schema, root, []).map((steps) => toPath(operation, steps)) : [];
  });
}

/** The coordinate of the step's field, `Query.members`. */
export function coordinateOf({ parent, field }: Step): string {
  return `${parent.name}.${field.name}`;
}

function stepsFrom(schema: GraphQLSchema, parent: GraphQLObjectType, before: readonly Step[]): (readonly Step[])[] {
  if (before.length === MAX_LENGTH) return [];
  return Object.values(parent.getFields()).flatMap((field) => {
    const types = typesBehind(schema, getNamedType(field.type));
    return types.flatMap((type) => {
      const steps = [...before, { parent, field, type }];
      if (!isObjectType(type)) return before.length === 0 ? [steps] : [];
      return [steps, ...stepsFrom(schema, type, steps)];
    });
  });
}

function typesBehind(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLNamedType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

function toPath(operation: OperationTypeNode, steps: readonly Step[]): Path {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) throw new Error('a path has a field');
  const names = steps.map(({ field, type }) =>
    isAbstractType(getNamedType(field.type)) ? `${field.name}<${type.name}>` : field.name,
  );
  const name = [first.parent.name, ...names].join('.');
  return { name, operation, root: coordinateOf(first), steps, end: last.type.name };
}
