import { type ConstDirectiveNode, type GraphQLSchema, getArgumentValues } from 'graphql';
import type { Report } from './problems.ts';

export type DirectiveValues = Readonly<Record<string, unknown>>;

/** The arguments of every `@name` among the directives, defaults filled in. A value of the wrong type is reported. */
export function directiveValues(
  schema: GraphQLSchema,
  directives: readonly ConstDirectiveNode[],
  name: string,
  where: string,
  report: Report,
): readonly DirectiveValues[] {
  const definition = schema.getDirective(name);
  if (!definition) return [];
  return directives
    .filter((directive) => directive.name.value === name)
    .flatMap((directive) => {
      try {
        return [getArgumentValues(definition, directive)];
      } catch (error) {
        report(where, `@${name} is not valid: ${error instanceof Error ? error.message : String(error)}`);
        return [];
      }
    });
}

/** The names of the arguments that were written, as opposed to filled in. */
export function writtenArguments(directives: readonly ConstDirectiveNode[], name: string): readonly string[] {
  return directives
    .filter((directive) => directive.name.value === name)
    .flatMap((directive) => directive.arguments?.map((argument) => argument.name.value) ?? []);
}
