import {
  type ConstDirectiveNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { DeclaredField, DeclaredType } from '../declarations.ts';
import type { Report } from '../problems.ts';
import { isRoot } from './roots.ts';

const RULES = ['public', 'auth', 'tenantScoped'];

/** Every object type is ruled, open field by field, or inherits; and a rule stands where the type is defined. */
export function checkTypes(schema: GraphQLSchema, types: ReadonlyMap<string, DeclaredType>, report: Report): void {
  for (const declared of types.values()) {
    if (isObjectType(declared.type) && !isRoot(schema, declared)) {
      checkRuled(declared, report);
      checkOwned(declared, report);
    }
    for (const field of declared.fields) checkPublic(declared, field, report);
  }
  for (const type of Object.values(schema.getTypeMap())) checkExtensions(type, report);
}

function checkRuled(declared: DeclaredType, report: Report): void {
  if (declared.clause || declared.isPublic) return;
  if (declared.fields.some(({ isPublic }) => isPublic)) {
    for (const { coordinate, isPublic } of declared.fields) {
      if (!isPublic) report(coordinate, `has no rule; write @public here too, or @auth on ${declared.type.name} alone`);
    }
  } else if (!declared.inherits) {
    report(declared.type.name, 'has no rule; write @auth or @tenantScoped on the type');
  }
}

/** What always has a tenant belongs to it; a tenant that may be absent only names one, as a token does. */
function checkOwned({ type, ownerField, inherits }: DeclaredType, report: Report): void {
  if (ownerField !== null || inherits || !isNonNullType(type.getFields()['tenantId']?.type)) return;
  report(type.name, 'has a tenantId, by which no row would be checked; write @tenantScoped on the type');
}

function checkPublic(declared: DeclaredType, field: DeclaredField, report: Report): void {
  if (!field.isPublic) return;
  if (field.clause) report(field.coordinate, '@public and @auth contradict each other; remove one');
  if (field.scope) report(field.coordinate, '@public has no tenant to hold to; remove @tenantScoped, or write @auth');
  if (declared.clause)
    report(field.coordinate, `@public on a field of the ruled type ${declared.type.name}; remove it`);
}

// A rule in an extension would be an alternative added from afar, where nobody who reads the type sees it.
function checkExtensions(type: GraphQLNamedType, report: Report): void {
  const added: readonly ConstDirectiveNode[] = type.extensionASTNodes.flatMap((node) => node.directives ?? []);
  for (const { name } of added.filter((directive) => RULES.includes(directive.name.value))) {
    report(type.name, `@${name.value} is added by extend; write it where the type is defined`);
  }
}
