import { GraphQLError, type ValidationRule } from 'graphql';

/** Refuses an operation of a kind the schema does not have; graphql-js 16 finds that out only in execution. */
export const knownOperationTypes: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    context.reportError(new GraphQLError(`There is no ${node.operation} here.`, { nodes: node }));
  },
});
