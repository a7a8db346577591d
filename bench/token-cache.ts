import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { LOCAL_POOL, startLocalUserPool } from '../local/user-pool/index.ts';
import { createClientRegistry } from '../src/identity/client-registry.ts';
import { createCutoffs } from '../src/identity/cutoffs.ts';
import { createKeySet } from '../src/identity/key-set.ts';
import { createTokenVerifier, type TokenVerifier } from '../src/identity/verify-token.ts';
import { toToken } from './support/tokens.ts';

const USAGE = `npm run bench -- token-cache [options]

Measures in one process what a token costs the verifier the first time and again: in each round a new verifier is shown
the same tokens once, and then once more. Exit code 1 when a repeated token is not --limit times cheaper.

  --rounds <n>      measured rounds, after two of warming up (20)
  --tokens <n>      distinct tokens (500)
  --limit <ratio>   (10)`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  rounds: { type: 'string', default: '20' },
  tokens: { type: 'string', default: '500' },
  limit: { type: 'string', default: '10' },
} as const;

const WARM_UP_ROUNDS = 2;

type Round = { readonly firstUs: number; readonly againUs: number };

/** `args`: see the usage above. */
export async function tokenCache(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return console.log(USAGE);
  await using pool = await startLocalUserPool({ stateFile: null, port: 0, trigger: null });
  const members = Array.from({ length: Number(values.tokens) }, () => ({
    userId: randomUUID(),
    tenantId: randomUUID(),
    membershipVersion: 1,
  }));
  const tokens = await Promise.all(members.map((member) => toToken(pool, member)));
  const rounds = await takeRounds(pool.jwksUri, tokens, Number(values.rounds));

  const ratios = rounds.map(({ firstUs, againUs }) => firstUs / againUs).sort((a, b) => a - b);
  const ratio = median(ratios);
  console.log(`first time  ${median(rounds.map(({ firstUs }) => firstUs)).toFixed(1)} µs a token`);
  console.log(`again       ${median(rounds.map(({ againUs }) => againUs)).toFixed(1)} µs a token`);
  console.log(`ratio       ${ratio.toFixed(1)} (${ratios[0]?.toFixed(1)} to ${ratios.at(-1)?.toFixed(1)})`);
  if (!(ratio >= Number(values.limit))) process.exitCode = 1;
}

async function takeRounds(url: string, tokens: readonly string[], count: number): Promise<readonly Round[]> {
  using keySet = createKeySet({ url, log: { warn: console.error } });
  await keySet.assertReady();
  const cutoffs = createCutoffs();
  const clients = createClientRegistry([LOCAL_POOL.clientId], cutoffs);
  const rounds: Round[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + count; round += 1) {
    const verifier = createTokenVerifier({
      userPoolId: LOCAL_POOL.poolId,
      keySet,
      clients,
      cutoffs,
      sessionMaxMs: 30 * 86_400_000,
      tenantClaim: 'tenant_id',
      maxTokenLength: 8_192,
    });
    rounds.push({ firstUs: await timeEach(verifier, tokens), againUs: await timeEach(verifier, tokens) });
  }
  return rounds.slice(WARM_UP_ROUNDS);
}

/** Microseconds a token. */
async function timeEach(verifier: TokenVerifier, tokens: readonly string[]): Promise<number> {
  const begun = performance.now();
  for (const token of tokens) await verifier.verify(token);
  return ((performance.now() - begun) * 1000) / tokens.length;
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
