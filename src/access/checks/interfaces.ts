import { type GraphQLSchema, isInterfaceType } from 'graphql';
import type { DeclaredField, DeclaredType } from '../declarations.ts';
import type { Report } from '../problems.ts';

/** An interface says exactly what its members say: a reader of either sees the rule that holds. */
export function checkInterfaces(schema: GraphQLSchema, types: ReadonlyMap<string, DeclaredType>, report: Report): void {
  for (const declared of types.values()) {
    if (!isInterfaceType(declared.type)) continue;
    const { objects, interfaces } = schema.getImplementations(declared.type);
    for (const { name } of [...objects, ...interfaces]) {
      const member = types.get(name);
      if (member) compareTypes(declared, member, report);
    }
  }
}

function compareTypes(declared: DeclaredType, member: DeclaredType, report: Report): void {
  const { name } = declared.type;
  const said = declared.clause?.text ?? 'no rule';
  const meant = member.clause?.text ?? 'no rule';
  if (said !== meant) report(name, `says ${said}, its member ${member.type.name} ${meant}; give both the same rule`);
  for (const field of declared.fields) {
    const implemented = member.fields.find((candidate) => candidate.field.name === field.field.name);
    if (implemented) compareFields(field, implemented, report);
  }
}

function compareFields(declared: DeclaredField, implemented: DeclaredField, report: Report): void {
  const said = describe(declared);
  const meant = describe(implemented);
  if (said !== meant) {
    report(declared.coordinate, `says ${said}, ${implemented.coordinate} ${meant}; write the same on both`);
  }
}

function describe({ isPublic, clause, scope }: DeclaredField): string {
  return [isPublic ? '@public' : '', clause?.text ?? '', scope?.text ?? ''].filter(Boolean).join(' ') || 'no rule';
}
