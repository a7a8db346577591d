import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLContext } from '../context.ts';

/**
 * Answers a mutation once this node knows what it changed about tokens: whoever hears that a session was ended can rely on
 * it at once. Other nodes hear of it at the same time, give or take a notification.
 */
export function knownHere(catchUp: () => Promise<void>): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ operation, response: { body } }) => {
        // Without data nothing was executed.
        const isExecuted = body.kind === 'single' && body.singleResult.data !== undefined;
        if (operation?.operation === 'mutation' && isExecuted) await catchUp();
      },
    }),
  };
}
