import { buildSchema, type GraphQLError, parse, specifiedRules, validate } from 'graphql';
import { AppError } from '../../../src/errors.ts';
import { createOperationLimits } from '../../../src/graphql/limits/operation-limits.ts';
import { DEFAULT_LIMITS, type Limits, MAX_VALIDATION_ERRORS } from '../../../src/graphql/limits.ts';

export const schema = buildSchema(`
  interface Named { id: ID name: String items(first: Int = 20, last: Int): ItemConnection }
  type Query { me: Person items(first: Int = 20, last: Int): ItemConnection plain: [Item] sized(first: Int): [Item] named: Named }
  type Mutation { add(input: AddInput): Item }
  input AddInput { name: String }
  type Person implements Named { id: ID name: String friend: Person items(first: Int = 20, last: Int): ItemConnection }
  type Item implements Named { id: ID name: String owner: Person parts: [Item] items(first: Int = 20, last: Int): ItemConnection }
  type ItemConnection { edges: [ItemEdge] nodes: [Item] totalCount: Int }
  type ItemEdge { cursor: ID node: Item }
`);

export type Verdict = { readonly code: string; readonly message: string };

/** What a document is told by every rule of validation and by the limits, in order. */
export function judge(text: string, limits: Partial<Limits> = {}): readonly Verdict[] {
  const { rule } = createOperationLimits({ ...DEFAULT_LIMITS, ...limits });
  const options = { maxErrors: MAX_VALIDATION_ERRORS };
  return validate(schema, parse(text), [...specifiedRules, rule], options).map(toVerdict);
}

function toVerdict({ message, originalError }: GraphQLError): Verdict {
  return { code: originalError instanceof AppError ? originalError.code : 'GRAPHQL_VALIDATION_FAILED', message };
}

/** The refusal for its size, or null where nothing at all is wrong with the document. */
export function refusalOf(text: string, limits: Partial<Limits> = {}): string | null {
  const [first] = judge(text, limits);
  if (first === undefined) return null;
  return first.code === 'OPERATION_LIMIT_EXCEEDED' ? first.message : `not a limit: ${first.message}`;
}

/** `make(0)` to `make(count - 1)`, in one text. */
export function times(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(' ');
}

/** `me { friend { friend { … id } } }`, so many fields deep. */
export function nest(depth: number): string {
  return `me { ${'friend { '.repeat(depth - 2)} id ${'} '.repeat(depth - 2)} }`;
}
