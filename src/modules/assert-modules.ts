import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DefinitionNode, type DocumentNode, Kind } from 'graphql';
import { REGISTRY } from '../access/registry.ts';
import { isVerb } from '../domain/verb.ts';
import { StartupError } from '../errors.ts';
import { LOADERS } from '../graphql/loaders.ts';
import { looksLikeRoleGroup } from '../identity/groups.ts';
import { type DefinedField, type DefinedFields, fieldsDefinedIn } from './defined-fields.ts';
import type { Module } from './module.ts';

export type Added = { readonly module: Module; readonly typeDefs: readonly DocumentNode[] };

/**
 * Throws StartupError with a line for each thing in a module that would not be held to, or would change what is not the
 * module's own: it says what to write instead. The rules of its SDL are the plan's to check, its tables the self-check's.
 */
export function assertModules(own: readonly DocumentNode[], added: readonly Added[]): void {
  const objects = fieldsDefinedIn([...own, ...added.flatMap(({ typeDefs }) => typeDefs)]);
  const problems = added.flatMap((it) => [
    ...checkFolder(it),
    ...checkFields(it),
    ...checkInputs(it),
    ...checkLinks(it, objects),
  ]);
  const all = [...problems, ...checkNames(added.map(({ module }) => module))];
  if (all.length > 0) throw new StartupError(['A module cannot be taken in as written:', ...all].join('\n  '));
}

function checkFolder({ module: { name, folder }, typeDefs }: Added): readonly string[] {
  return [
    ...(typeDefs.length > 0 ? [] : [`${name}: ${folder} holds no *.graphql; write the module's SDL there`]),
    ...(existsSync(join(folder, 'migrations'))
      ? []
      : [`${name}: ${folder} has no migrations/; write its tables in migrations/<14 digits>_<word>/migration.sql`]),
  ];
}

/** Every root field is answered by something, and nothing is resolved that the module did not define. */
function checkFields({ module, typeDefs }: Added): readonly string[] {
  const fields = fieldsDefinedIn(typeDefs);
  const { name, resolvers, verbs } = module;
  return [
    ...namesOf(fields, 'Query')
      .filter((field) => resolvers['Query']?.[field] === undefined)
      .map((field) => `${name}: Query.${field} has no resolver; write resolvers: { Query: { ${field}: … } }`),
    ...namesOf(fields, 'Mutation')
      .filter((field) => !isVerb(verbs[field]))
      .map((field) => `${name}: Mutation.${field} has no verb; write verbs: { ${field}: defineVerb({ … }) }`),
    ...Object.keys(verbs)
      .filter((verb) => !fields.get('Mutation')?.has(verb))
      .map((verb) => `${name}: the verb ${verb} is no mutation of its SDL; write extend type Mutation { ${verb}(…) }`),
    ...strayResolvers(module, fields),
  ];
}

function strayResolvers({ name, resolvers }: Module, fields: DefinedFields): readonly string[] {
  const resolved = Object.entries(resolvers).flatMap(([type, map]) =>
    Object.keys(map).map((field) => ({ type, field })),
  );
  return resolved.flatMap(({ type, field }) => {
    if (type === 'Mutation') return [`${name}: Mutation.${field} is a resolver; make it a verb, which is audited`];
    if (fields.get(type)?.has(field) || (fields.has(type) && field === '__resolveType')) return [];
    return [`${name}: ${type}.${field} is not the module's own; resolve fields that its SDL defines`];
  });
}

/** A mutation's verb is handed `input` and nothing else. */
function checkInputs({ module: { name }, typeDefs }: Added): readonly string[] {
  const mutations = fieldsDefinedIn(typeDefs).get('Mutation') ?? new Map<string, DefinedField>();
  return [...mutations]
    .filter(([, { args }]) => args.join() !== 'input')
    .map(([field]) => `${name}: Mutation.${field} must take one argument, input: write ${field}(input: …Input!)`);
}

// What these hold is made by whoever returns them: a verb its payload, `connection` its edges.
const HOLDS_ITS_OWN = /(?:Payload|Edge)$/;

/** A link that nothing follows would be null for everybody, and look like an answer. */
function checkLinks({ module: { name, resolvers }, typeDefs }: Added, objects: DefinedFields): readonly string[] {
  // An interface resolves nothing; its members do.
  const interfaces = typeDefs.flatMap(({ definitions }) => definitions.flatMap(toInterfaceName));
  const left = ['Query', 'Mutation', ...interfaces];
  const types = [...fieldsDefinedIn(typeDefs)].filter(([type]) => !left.includes(type));
  return types.flatMap(([type, fields]) => {
    const unresolved = [...fields].filter(([field]) => resolvers[type]?.[field] === undefined);
    if (type.endsWith('Connection')) {
      return unresolved.map(([field]) => `${name}: ${type}.${field} has no resolver; write ${type}: connection()`);
    }
    if (HOLDS_ITS_OWN.test(type)) return [];
    return unresolved
      .filter(([, { returns }]) => objects.has(returns))
      .map(([field]) => `${name}: ${type}.${field} has no resolver; write resolvers: { ${type}: { ${field}: … } }`);
  });
}

function toInterfaceName(definition: DefinitionNode): readonly string[] {
  return definition.kind === Kind.INTERFACE_TYPE_DEFINITION ? [definition.name.value] : [];
}

const MODULE_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const SCOPE = /^[\w.-]+\/[\w.-]+$/;

/** Names stand for one thing each, and none passes for one of Tenantry's own. */
function checkNames(modules: readonly Module[]): readonly string[] {
  return [
    ...modules
      .filter(({ name }) => !MODULE_NAME.test(name))
      .map(({ name }) => `${JSON.stringify(name)} is no name for a module; write one in lower case, with dashes`),
    ...repeated(
      'module',
      [],
      modules.map(({ name }) => name),
    ),
    ...repeated(
      'group',
      REGISTRY.groups,
      modules.flatMap(({ groups }) => groups),
    ),
    ...repeated(
      'scope',
      REGISTRY.scopes,
      modules.flatMap(({ scopes }) => scopes),
    ),
    ...repeated(
      'loader',
      Object.keys(LOADERS),
      modules.flatMap(({ loaders }) => Object.keys(loaders)),
    ),
    ...modules.flatMap(({ name, groups, scopes }) => [
      ...groups
        .filter(looksLikeRoleGroup)
        .map((group) => `${name}: the group ${group} reads like a role of a tenant; give it another name`),
      ...scopes
        .filter((scope) => !SCOPE.test(scope) || scope.startsWith('tenantry/'))
        .map((scope) => `${name}: the scope ${scope} must read <resource server>/<what>, and not begin with tenantry/`),
    ]),
  ];
}

function repeated(what: string, own: readonly string[], names: readonly string[]): readonly string[] {
  const again = names.filter((name, at) => own.includes(name) || names.indexOf(name) !== at);
  return [...new Set(again)].map((name) => `the ${what} ${name} is there already; give it another name`);
}

function namesOf(fields: DefinedFields, type: string): readonly string[] {
  return [...(fields.get(type)?.keys() ?? [])];
}
