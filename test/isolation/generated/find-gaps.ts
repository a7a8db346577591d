import {
  type GraphQLSchema,
  getNamedType,
  getVariableValues,
  isIntrospectionType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
  validate,
} from 'graphql';
import { findIdSlots } from './id-slots.ts';
import { toOperation } from './operation.ts';
import { coordinateOf, type Path } from './paths.ts';
import { FACTS } from './subject.ts';
import { toVariables } from './variables.ts';

/** A line for everything in the schema that no cell covers, and for everything written down that covers nothing. */
export function findGaps(schema: GraphQLSchema, paths: readonly Path[]): readonly string[] {
  const roots = new Set(paths.map(({ root }) => root));
  const fields = new Set(paths.flatMap(({ steps }) => steps.map(coordinateOf)));
  const { entries, samples, rowsFor } = FACTS;
  return [
    ...[...roots].filter((root) => !(root in entries)).map((root) => `no facts say who may enter at ${root}`),
    ...Object.keys(entries)
      .filter((root) => !roots.has(root))
      .map((root) => `facts name ${root}, which is no root field`),
    ...Object.keys({ ...samples, ...rowsFor })
      .filter((field) => !fields.has(field) && !paths.some(({ name }) => name === field))
      .map((field) => `facts name ${field}, where no path leads`),
    ...findGapsInIds(paths),
    ...paths.flatMap((path) => findFaultsIn(schema, path)),
    ...findUnreached(schema, paths),
  ];
}

function findGapsInIds(paths: readonly Path[]): readonly string[] {
  const slots = paths.flatMap(findIdSlots);
  const found = new Set(slots.map(({ coordinate, name }) => `${coordinate} ${name}`));
  const samples = Object.entries(FACTS.samples);
  const told = samples.flatMap(([field, { ids = {} }]) => Object.keys(ids).map((at) => `${field} ${at}`));
  return [
    ...[...found].filter((id) => !told.includes(id)).map((id) => `no sample says whose id is ${id}`),
    ...told.filter((id) => !found.has(id)).map((id) => `a sample names ${id}, which is no id`),
  ];
}

/** Why the schema would not take what is asked for this path: an argument for which there is no sample. */
function findFaultsIn(schema: GraphQLSchema, path: Path): readonly string[] {
  const document = parse(toOperation(path));
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${path.name}: no operation`);
  const inputs = toVariables(path, 'north', () => 'some-id');
  const { errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], inputs);
  return [...validate(schema, document), ...errors].map(({ message }) => `${path.name} lacks a sample: ${message}`);
}

function findUnreached(schema: GraphQLSchema, paths: readonly Path[]): readonly string[] {
  const ends = new Set(paths.map(({ end }) => end));
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const types = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter((type) => !isIntrospectionType(type) && !roots.includes(type));
  return types.flatMap((type) => {
    const unasked = Object.values(type.getFields()).filter(
      (field) => isLeafType(getNamedType(field.type)) && field.args.some(isRequiredArgument),
    );
    return [
      ...(ends.has(type.name) ? [] : [`no path leads to ${type.name}`]),
      ...unasked.map(({ name }) => `${type.name}.${name} is asked by no path: it takes arguments`),
    ];
  });
}
