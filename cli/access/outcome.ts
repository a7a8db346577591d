import { type GraphQLSchema, NoSchemaIntrospectionCustomRule, specifiedRules, validate } from 'graphql';
import type { Refusal } from '../../src/access/decision.ts';
import type { Judgement } from '../../src/access/explain-operation.ts';
import type { OperationRequest } from '../../src/access/walk-operation.ts';
import type { Principal } from '../../src/identity/principal.ts';

/** What becomes of the operation as a whole, as far as claims decide it. */
export type Outcome = { readonly isAllowed: boolean; readonly text: string };

export function toOutcome(
  { document, operation }: OperationRequest,
  principal: Principal | null,
  publicSchema: GraphQLSchema | null,
  judgements: readonly Judgement[],
): Outcome {
  if (principal === null && !isPublic(publicSchema, document)) {
    return {
      isAllowed: false,
      text: 'Without a token the whole request is answered 401: no field of it, and no name.',
    };
  }
  const denied = judgements.flatMap(toDenied);
  // The server names the first refusal that no sign-in would end.
  const told = denied.find(({ code }) => code !== 'STEP_UP_REQUIRED') ?? denied[0];
  if (told === undefined) {
    return { isAllowed: true, text: 'It runs: all is allowed. Rows are checked one by one as they come.' };
  }
  if (operation.operation === 'mutation') {
    return {
      isAllowed: false,
      text: `Nothing is done: a mutation with a denied field is refused whole (${told.code}).`,
    };
  }
  const places = denied.map(({ place }) => place);
  return { isAllowed: false, text: `It runs, and answers null and an error at: ${[...new Set(places)].join(', ')}.` };
}

// The very schema a request without a token is validated against, with its rules.
function isPublic(publicSchema: GraphQLSchema | null, document: OperationRequest['document']): boolean {
  if (publicSchema === null) return false;
  return validate(publicSchema, document, [...specifiedRules, NoSchemaIntrospectionCustomRule]).length === 0;
}

type Denied = { readonly code: Refusal['code']; readonly place: string };

function toDenied({ decision, path, coordinate }: Judgement): readonly Denied[] {
  if (decision === null || decision.allowed) return [];
  const objects = coordinate.includes('.') ? '' : ` (each ${coordinate})`;
  return [{ code: decision.code, place: `${path.join('.')}${objects}` }];
}
