import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLContext } from '../../graphql/context.ts';
import { toResponseType } from './response-type.ts';

/** Answers a verified caller through Apollo. */
export function answerCaller(
  apollo: ApolloServer<GraphQLContext>,
  toContext: (request: FastifyRequest) => GraphQLContext,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request),
      context: async () => toContext(request),
    });
    if (body.kind !== 'complete') throw new Error('Apollo answers in parts');
    for (const [name, value] of headers) reply.header(name, value);
    return reply.code(status ?? 200).send(body.string);
  };
}

function toApolloRequest({ method, url, body, headers: given }: FastifyRequest): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) headers.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  headers.set('accept', toResponseType(given.accept));
  const at = url.indexOf('?');
  return { method, headers, body, search: at === -1 ? '' : url.slice(at) };
}
