/** What one request may ask for at most; beyond it nothing is executed. */
export type Limits = {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Characters of a bearer token. */
  readonly bearerBytes: number;
  /** Lexical tokens of a document. */
  readonly tokens: number;
  /** Fields within fields, fragments unfolded. */
  readonly depth: number;
  /** Fields under another name, `__typename` too, fragments unfolded. */
  readonly aliases: number;
  /** Fields of Query or Mutation in one operation. */
  readonly rootFields: number;
  /** Fields an answer may have, each list counted at the size asked for. */
  readonly cost: number;
  /** Operations in one document, of which one is executed. */
  readonly operations: number;
};

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 64 * 1024,
  bearerBytes: 8 * 1024,
  tokens: 2_000,
  depth: 12,
  aliases: 30,
  rootFields: 20,
  cost: 10_000,
  operations: 10,
};

/** Mistakes told of one document or its variables. */
export const MAX_VALIDATION_ERRORS = 3;
