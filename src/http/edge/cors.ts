import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** What clients of GraphQL send beyond what any page may: credentials, ids, Apollo's preflight and names, W3C Trace Context. */
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
];

/** Lets the pages of these origins call, and no others. */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: ['x-request-id', 'retry-after'],
    // An OPTIONS that is no preflight is answered like one, and not in words of the library's own.
    strictPreflight: false,
    maxAge: 600,
  });
}
