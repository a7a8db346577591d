/** What one request may ask for at most; beyond it nothing is executed. */
export const LIMITS = {
  /** Lexical tokens of a document. */
  tokens: 2_000,
  /** Mistakes told of one document or its variables. */
  validationErrors: 3,
  /** Bytes of a request's body. */
  bodyBytes: 64 * 1024,
} as const;
