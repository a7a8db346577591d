import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** What clients of GraphQL send beyond what any page may: tokens, ids, Apollo's preflight and names, W3C Trace Context. */
const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'x-request-id',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'apollographql-client-name',
  'apollographql-client-version',
  'traceparent',
  'tracestate',
  'x-csrf-protection',
];

/** Lets the pages of these origins call, and no others; with their cookies where browsers have sessions. */
export async function allowOrigins(
  app: FastifyInstance,
  origins: readonly string[],
  { credentials }: { readonly credentials: boolean },
): Promise<void> {
  await app.register(cors, {
    origin: [...origins],
    credentials,
    methods: ['GET', 'POST'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: ['x-request-id', 'retry-after'],
    // An OPTIONS that is no preflight is answered like one, and not in words of the library's own.
    strictPreflight: false,
    maxAge: 600,
  });
}
