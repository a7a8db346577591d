import type { GraphQLFieldResolver } from 'graphql';
import type { GraphQLContext } from '../context.ts';

/** The part of the context that the directives decide by. */
export type CallerContext = Pick<
  GraphQLContext,
  'principal' | 'tenantRules' | 'requestId' | 'now' | 'log' | 'noteDenial'
>;

export type Resolver = GraphQLFieldResolver<unknown, CallerContext>;
