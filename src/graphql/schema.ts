import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type IExecutableSchemaDefinition, makeExecutableSchema } from '@graphql-tools/schema';
import {
  buildASTSchema,
  concatAST,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  Source,
  validateSchema,
} from 'graphql';
import { type AccessPlan, compilePlan } from '../access/plan.ts';
import type { Registry } from '../access/registry.ts';
import { StartupError } from '../errors.ts';
import type { GraphQLContext } from './context.ts';
import { enforce } from './directives/enforce.ts';
import { toPublicSchema } from './directives/public.ts';
import { assertSameShape } from './directives/same-shape.ts';

export type SchemaParts = {
  /** The whole SDL, in any order. A type is defined once; further fields come by `extend type`. */
  readonly typeDefs: readonly (string | DocumentNode)[];
  readonly resolvers: NonNullable<IExecutableSchemaDefinition<GraphQLContext>['resolvers']>;
  readonly registry: Registry;
};

export type BuiltSchema = {
  /** The schema whose resolvers hold to the plan. */
  readonly schema: GraphQLSchema;
  /** What a caller without a token may ask. Null: nothing at all. */
  readonly publicSchema: GraphQLSchema | null;
  readonly plan: AccessPlan;
};

/** Joins SDL and resolvers under the plan. Throws StartupError when the SDL is not valid, or cannot be enforced. */
export function buildSchema({ typeDefs, resolvers, registry }: SchemaParts): BuiltSchema {
  const contract = toContract(typeDefs);
  // Compiled from the SDL alone: nothing a map of resolvers can carry changes a rule.
  const plan = compilePlan(contract, registry);
  const executable = makeExecutableSchema({ typeDefs: contract, resolvers });
  assertSameShape(contract, executable);
  const schema = enforce(executable, plan);
  return { schema, publicSchema: toPublicSchema(schema, plan), plan };
}

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * The SDL files of a folder, by name, so that the schema prints the same on every machine. Each is known to the access
 * plan by its path from the project's root.
 */
export function loadTypeDefs(folder: string): readonly DocumentNode[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  return names.sort().map((name) => {
    const path = join(folder, name);
    return parseSource(new Source(readFileSync(path, 'utf8'), relative(ROOT, path)));
  });
}

function parseSource(source: Source): DocumentNode {
  try {
    return parse(source);
  } catch (cause) {
    throw new StartupError(`The SDL is not valid: ${toSentence(cause)}`, { cause });
  }
}

// Where it stands, as an editor takes it: the schema is made from many files.
function toSentence(error: unknown): string {
  if (!(error instanceof GraphQLError)) return error instanceof Error ? error.message : String(error);
  const [location] = error.locations ?? [];
  const place = location && error.source ? `${error.source.name}:${location.line}: ` : '';
  return `${place}${error.message}`;
}

// Built by graphql-js and not by merging: a merge would let a second definition of a type add to its directives.
function toContract(typeDefs: SchemaParts['typeDefs']): GraphQLSchema {
  try {
    const schema = buildASTSchema(concatAST(typeDefs.map((part) => (typeof part === 'string' ? parse(part) : part))));
    const [problem] = validateSchema(schema);
    if (problem) throw problem;
    return schema;
  } catch (cause) {
    throw new StartupError(`The SDL is not valid: ${toSentence(cause)}`, { cause });
  }
}
