import { text } from 'node:stream/consumers';
import { type GraphQLError, type GraphQLSchema, getOperationAST, getVariableValues, parse, validate } from 'graphql';
import { z } from 'zod';
import type { OperationRequest } from '../../src/access/walk-operation.ts';

export type Asked = {
  readonly document: string;
  /** JSON. */
  readonly variables: string;
  /** Which operation of the document; undefined where there is one. */
  readonly operationName: string | undefined;
};

/** The document of the command line, or else of stdin. */
export async function readDocument(argument: string | undefined): Promise<string> {
  const document = argument ?? (process.stdin.isTTY ? '' : await text(process.stdin));
  if (document.trim() === '') throw new Error("Say what is asked: '{ viewer { sub } }', or a document on stdin.");
  return document;
}

/** The operation, validated against the schema. Throws an Error with a line for each thing that is wrong with it. */
export function toRequest(schema: GraphQLSchema, asked: Asked, hasModules: boolean): OperationRequest {
  const document = parse(asked.document);
  assertNone(validate(schema, document), hasModules ? [] : ['For nouns of your own, set MODULES as for the server.']);
  const operation = getOperationAST(document, asked.operationName);
  if (!operation) throw new Error('The document has no such operation, or several: name one with --operation.');
  const inputs = parseVariables(asked.variables);
  const { coerced, errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], inputs);
  assertNone(errors);
  return { schema, document, operation, variables: coerced ?? {} };
}

function parseVariables(json: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  } catch {
    throw new Error(`--variables takes a JSON object, such as '{"id":"…"}'.`);
  }
}

function assertNone(errors: readonly GraphQLError[], hints: readonly string[] = []): void {
  if (errors.length === 0) return;
  const lines = errors.map(({ message, locations: [at] = [] }) =>
    at ? `${at.line}:${at.column} ${message}` : message,
  );
  throw new Error(['The server would not run this document:', ...lines, ...hints].join('\n  '));
}
