import type { GraphQLSchema } from 'graphql';
import type { DeclaredType } from '../declarations.ts';
import type { Report } from '../problems.ts';
import { possibleNames } from '../returned-clauses.ts';

/** What inherits its rule holds nothing but values, ruled types, and others that inherit. */
export function checkContainers(schema: GraphQLSchema, types: ReadonlyMap<string, DeclaredType>, report: Report): void {
  for (const { type, fields } of [...types.values()].filter(({ inherits }) => inherits)) {
    for (const { coordinate, field } of fields) {
      // A type without any rule is told of by itself: which rule it needs is not for its containers to say.
      const strangers = possibleNames(schema, field.type).filter((name) => isOpen(types.get(name)));
      if (strangers.length > 0) {
        const names = strangers.join(', ');
        report(coordinate, `${type.name} inherits its rule and may not hold ${names}; write @auth on ${names}`);
      }
    }
  }
}

function isOpen(declared: DeclaredType | undefined): boolean {
  return declared?.isPublic === true;
}
