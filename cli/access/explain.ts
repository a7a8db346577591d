import { explainOperation } from '../../src/access/explain-operation.ts';
import type { Config } from '../../src/config.ts';
import { buildContract } from './contract.ts';
import { type Explanation, toExplanation } from './explanation.ts';
import { toOutcome } from './outcome.ts';
import { readCaller, toTokenNotes, type Who } from './read-caller.ts';
import { type Asked, toRequest } from './read-request.ts';

/** What this caller is allowed of what he asks, and why. Runs nothing. Throws an Error that says what is wrong with either. */
export async function explain(config: Config, who: Who, asked: Asked): Promise<Explanation> {
  const { schema, publicSchema, plan } = await buildContract(config);
  const request = toRequest(schema, asked, config.MODULES.length > 0);
  const now = new Date();
  const principal = await readCaller(who, config, now);
  const judgements = explainOperation(plan, request, { principal, now, tenantRules: null });
  const outcome = toOutcome(request, principal, publicSchema, judgements);
  return toExplanation(principal, judgements, outcome, who.token === undefined ? [] : toTokenNotes(principal, now));
}
