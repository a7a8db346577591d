import { type GraphQLDirective, type GraphQLSchema, isSpecifiedDirective } from 'graphql';
import type { Report } from '../problems.ts';
import type { Registry } from '../registry.ts';

// What the plan enforces. A definition that says more (another place, another argument) would be obeyed nowhere.
const SIGNATURES: ReadonlyMap<string, string> = new Map([
  ['public', '@public() on FIELD_DEFINITION'],
  [
    'auth',
    '@auth(callers: [CallerKind!], groups: [String!], maxAuthAgeSeconds: Int, mfa: Boolean, scopes: [String!])' +
      ' repeatable on FIELD_DEFINITION | INTERFACE | OBJECT',
  ],
  [
    'tenantScoped',
    '@tenantScoped(argument: String, field: String = "tenantId", reach: Reach = "TENANT") on FIELD_DEFINITION | OBJECT',
  ],
]);

/** The three directives stand in the schema exactly as the plan enforces them, and no unknown one stands beside them. */
export function checkDefinitions(schema: GraphQLSchema, registry: Registry, report: Report): void {
  for (const [name, signature] of SIGNATURES) {
    const directive = schema.getDirective(name);
    const found = directive ? toSignature(directive) : 'nothing';
    if (found !== signature) {
      report(
        `@${name}`,
        `is defined as ${found}, enforced as ${signature}; use schema/directives.graphql as it stands`,
      );
    }
  }
  for (const { name } of schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive))) {
    if (!SIGNATURES.has(name) && !registry.directives.includes(name)) {
      report(`@${name}`, 'is enforced by nothing; use @auth, or list it in the registry if your own code obeys it');
    }
  }
}

function toSignature({ name, args, locations, isRepeatable }: GraphQLDirective): string {
  const printed = args.map(({ name, type, defaultValue }) =>
    defaultValue === undefined ? `${name}: ${type}` : `${name}: ${type} = ${JSON.stringify(defaultValue)}`,
  );
  const repeatable = isRepeatable ? ' repeatable' : '';
  return `@${name}(${printed.sort().join(', ')})${repeatable} on ${[...locations].sort().join(' | ')}`;
}
