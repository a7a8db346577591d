import type { FieldDecision } from './elsewhere.ts';
import type { Resolver } from './resolver.ts';
import { toAppError } from './to-app-error.ts';

/** `@auth`: the resolver runs for those alone whom the rule lets through. Throws the refusal as an AppError. */
export function withAuth(resolve: Resolver, decideField: FieldDecision): Resolver {
  return (source, args, context, info) => {
    const decision = decideField(source, context, info);
    if (!decision.allowed) throw toAppError(decision);
    return resolve(source, args, context, info);
  };
}
