import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { createStrangerContext } from '../../graphql/context.ts';
import { createOperationLimits } from '../../graphql/limits/operation-limits.ts';
import type { Limits } from '../../graphql/limits.ts';
import { recordOperation } from '../../observability/request-record.ts';
import { replyUnauthenticated } from '../error-reply.ts';
import type { GraphQLRoute } from './graphql-body.ts';

const VALIDATION = { maxErrors: 1, hideSuggestions: true };

type StrangerRequest = FastifyRequest<GraphQLRoute>;

/**
 * Answers a request without any credential from the schema of `@public` fields alone. Whatever fails, and however, the
 * answer is the constant 401: a stranger cannot find out what else exists, nor how far his document got. Null: nothing is public.
 */
export function answerStranger(publicSchema: GraphQLSchema | null, limits: Limits) {
  const executePublic = createPublicExecution(publicSchema, limits);
  return async (request: StrangerRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      const result = await executePublic(request);
      if (result.errors === undefined) return reply.type('application/json; charset=utf-8').send({ data: result.data });
      return replyUnauthenticated(reply, result.errors[0]?.message);
    } catch (error) {
      return replyUnauthenticated(reply, error instanceof Error ? error.message : 'unknown');
    }
  };
}

function createPublicExecution(schema: GraphQLSchema | null, limits: Limits) {
  const operationLimits = createOperationLimits(limits);
  const rules = [operationLimits.rule, ...specifiedRules, NoSchemaIntrospectionCustomRule];
  return async ({ id, log, record, body }: StrangerRequest): Promise<ExecutionResult> => {
    if (schema === null || record === null) throw new Error('nothing is public');
    if (body === undefined) throw new Error('no body');
    const document = parse(body.query, { maxTokens: limits.tokens });
    const errors = validate(schema, document, rules, VALIDATION);
    if (errors.length > 0) return { errors };
    const operation = getOperationAST(document, body.operationName);
    if (!operation) throw new Error('no operation of that name');
    recordOperation(record, operation.operation, operation.name?.value);
    const variables = body.variables ?? {};
    operationLimits.assertAffordable({ schema, document, operation, variables });
    const contextValue = createStrangerContext(id, new Date(), log, record);
    return execute({ schema, document, operationName: operation.name?.value, variableValues: variables, contextValue });
  };
}
