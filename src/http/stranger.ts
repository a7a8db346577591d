import type { FastifyReply, FastifyRequest } from 'fastify';
import { execute, type GraphQLSchema, NoSchemaIntrospectionCustomRule, parse, specifiedRules, validate } from 'graphql';
import { z } from 'zod';
import { createStrangerContext } from '../graphql/context.ts';
import type { Limits } from '../graphql/limits.ts';
import { replyUnauthenticated } from './error-reply.ts';

const RULES = [...specifiedRules, NoSchemaIntrospectionCustomRule];

const Body = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Answers a request without any credential from the schema of `@public` fields alone. Whatever fails, and however, the
 * answer is the constant 401: a stranger cannot find out what else exists, nor how far his document got. Null: nothing is public.
 */
export function answerStranger(publicSchema: GraphQLSchema | null, limits: Limits) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      const result = await executePublic(publicSchema, limits, request);
      if (result.errors === undefined) return reply.type('application/json; charset=utf-8').send({ data: result.data });
      request.log.info({ reason: result.errors[0]?.message }, 'unauthenticated');
    } catch (error) {
      request.log.info({ reason: error instanceof Error ? error.message : 'unknown' }, 'unauthenticated');
    }
    return replyUnauthenticated(reply);
  };
}

async function executePublic(schema: GraphQLSchema | null, limits: Limits, request: FastifyRequest) {
  if (schema === null) throw new Error('nothing is public');
  const { query, operationName, variables } = Body.parse(request.body);
  const document = parse(query, { maxTokens: limits.tokens });
  const errors = validate(schema, document, RULES, { maxErrors: 1 });
  if (errors.length > 0) return { errors };
  return execute({
    schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables ?? {},
    contextValue: createStrangerContext(request.id, new Date(), request.log),
  });
}
