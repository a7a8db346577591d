import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { addMember, addTenant, type Member } from './people.ts';
import type { Product } from './product.ts';

export type Revocations = {
  /** Milliseconds from the mutation's answer to the first refusal elsewhere; of those it was accepted after, the last. */
  readonly delaysMs: readonly number[];
};

const SIGN_OUT = 'mutation { signOut { session { id } } }';
const VIEWER = '{ viewer { sub } }';
const GIVE_UP_MS = 10_000;

/**
 * Signs users out at one node, `abreast` at a time, and asks another node by each token again and again from then on: how
 * long is it still let in?
 */
export async function measureRevocations(
  product: Product,
  elsewhere: string,
  { count, abreast }: { readonly count: number; readonly abreast: number },
): Promise<Revocations> {
  const agent = new Agent({ keepAlive: true });
  const tenantId = await addTenant(product);
  const delaysMs: number[] = [];
  const measureOne = async ({ token }: Member) => {
    if ((await ask(agent, elsewhere, token, VIEWER)) !== 200) throw new Error('a good token was refused');
    if ((await ask(agent, product.url, token, SIGN_OUT)) !== 200) throw new Error('nobody was signed out');
    const answeredAt = performance.now();
    let acceptedAt = answeredAt;
    while ((await ask(agent, elsewhere, token, VIEWER)) === 200) {
      acceptedAt = performance.now();
      if (acceptedAt - answeredAt > GIVE_UP_MS) break;
      await sleep(1);
    }
    delaysMs.push(acceptedAt - answeredAt);
  };
  const lane = async (members: number) => {
    for (let index = 0; index < members; index += 1) await measureOne(await addMember(product, tenantId, 'MEMBER'));
  };
  await Promise.all(Array.from({ length: abreast }, () => lane(Math.ceil(count / abreast))));
  agent.destroy();
  return { delaysMs: delaysMs.toSorted((a, b) => a - b) };
}

function ask(agent: Agent, url: string, token: string, query: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const outgoing = request(`${url}/graphql`, { agent, method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify({ query }));
  });
}

/** The value below which this share of them lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
