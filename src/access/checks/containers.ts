import { type GraphQLNamedType, type GraphQLSchema, getNamedType, isAbstractType, isLeafType } from 'graphql';
import type { DeclaredType } from '../declarations.ts';
import type { Report } from '../problems.ts';

/** What inherits its rule holds nothing but values, ruled types, and others that inherit. */
export function checkContainers(schema: GraphQLSchema, types: ReadonlyMap<string, DeclaredType>, report: Report): void {
  for (const { type, fields } of [...types.values()].filter(({ inherits }) => inherits)) {
    for (const { coordinate, field } of fields) {
      const returned = getNamedType(field.type);
      const strangers = possibleNames(schema, returned).filter((name) => !mayBeHeld(types.get(name)));
      if (strangers.length > 0) {
        const names = strangers.join(', ');
        report(coordinate, `${type.name} inherits its rule and may not hold ${names}; write @auth on ${names}`);
      }
    }
  }
}

function mayBeHeld(declared: DeclaredType | undefined): boolean {
  return declared !== undefined && (declared.clause !== null || declared.inherits);
}

function possibleNames(schema: GraphQLSchema, type: GraphQLNamedType): readonly string[] {
  if (isLeafType(type)) return [];
  return isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];
}
