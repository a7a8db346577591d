import { findBreakingChanges, type GraphQLSchema } from 'graphql';
import { StartupError } from '../../errors.ts';

/**
 * A map of resolvers may carry types and arguments as well as functions. Rules are read from the SDL, so it must change
 * nothing there. Throws StartupError with every difference.
 */
export function assertSameShape(contract: GraphQLSchema, executable: GraphQLSchema): void {
  // Each direction finds what the other calls harmless: one type for a narrower one, an argument more.
  const changes = [...findBreakingChanges(contract, executable), ...findBreakingChanges(executable, contract)];
  if (changes.length === 0) return;
  const lines = changes.map(({ description }) => description);
  throw new StartupError(['The resolvers change the schema; write it in the SDL:', ...lines].join('\n  '));
}
