import { MapperKind, mapSchema, pruneSchema } from '@graphql-tools/utils';
import { type GraphQLSchema, isInterfaceType, isSpecifiedDirective } from 'graphql';
import type { AccessPlan } from '../../access/plan.ts';

/**
 * What exists for a stranger: the `@public` fields and the types they lead to. Everything else is absent, so that not
 * even a name can be asked for. Null when nothing is public.
 */
export function toPublicSchema(schema: GraphQLSchema, plan: AccessPlan): GraphQLSchema | null {
  const isOpen = (typeName: string, fieldName: string) => plan.field(typeName, fieldName).rule.allOf.length === 0;
  const open = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (_field, fieldName, typeName) => (isOpen(typeName, fieldName) ? undefined : null),
    [MapperKind.INTERFACE_FIELD]: (_field, fieldName, typeName) => {
      const type = schema.getType(typeName);
      const members = isInterfaceType(type) ? schema.getPossibleTypes(type) : [];
      return members.every((member) => isOpen(member.name, fieldName)) ? undefined : null;
    },
    [MapperKind.DIRECTIVE]: (directive) => (isSpecifiedDirective(directive) ? undefined : null),
  });
  const entries = Object.keys(open.getQueryType()?.getFields() ?? {});
  return entries.length > 0 ? pruneSchema(open) : null;
}
