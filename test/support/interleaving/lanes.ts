import { setTimeout as delay } from 'node:timers/promises';
import { type HttpAnswer, HttpConnection, toRequest } from '../../../bench/support/http-connection.ts';
import { createRandom } from '../random.ts';
import { type Ask, pick } from './ask.ts';
import { drawAsk } from './deck.ts';
import type { Disturbance } from './disturbance.ts';
import type { Tally } from './tally.ts';
import type { Team } from './world.ts';

export type LaneOptions = {
  readonly url: string;
  readonly teams: readonly Team[];
  /** Whether enough was asked and met. */
  readonly isThrough: (counts: LaneCounts) => boolean;
  readonly tally: Tally;
  readonly disturbance: Disturbance;
};

/** How often one user had operations under way in two tenants at once. */
export type LaneCounts = { readonly inBothAtOnce: number };

const ABORTED_SHARE = 0.03;
/** Milliseconds within which a client that hangs up does so: about as long as an answer takes. */
const ABORT_WITHIN_MS = 20;
const KILLED_SHARE = 0.01;
const PAUSE_MS = 50;

const random = createRandom();

/** Every tenant asks over a connection of its own, one operation after the other, until that is enough. */
export async function runLanes({ url, teams, isThrough, tally, disturbance }: LaneOptions): Promise<LaneCounts> {
  const underWay = new Set<Ask>();
  let inBothAtOnce = 0;

  const take = async (connection: HttpConnection, ask: Ask): Promise<boolean> => {
    inBothAtOnce += [...underWay].filter((other) => isInBoth(ask, other)).length;
    underWay.add(ask);
    const unlock = ask.lockedTenantId === undefined ? null : await disturbance.lock(ask.lockedTenantId);
    if (random() < KILLED_SHARE) disturbance.killOne();
    const isAborted = random() < ABORTED_SHARE;
    const answer = await (isAborted ? abort(connection, toBytes(url, ask)) : connection.send(toBytes(url, ask)));
    await unlock?.();
    underWay.delete(ask);
    if (tally.take(ask, answer) === 'refused') await delay(PAUSE_MS);
    return answer !== null;
  };
  const run = async (team: Team) => {
    const others = teams.filter((other) => other.shared.sub !== team.shared.sub);
    let connection = await HttpConnection.open(url);
    while (!isThrough({ inBothAtOnce })) {
      const isOpen = await take(connection, drawAsk()(team, pick(others)));
      if (!isOpen) connection = await HttpConnection.open(url);
    }
    connection.close();
  };
  await Promise.all(teams.map(run));
  return { inBothAtOnce };
}

function isInBoth({ caller }: Ask, other: Ask): boolean {
  return caller.sub === other.caller.sub && caller.tenantId !== other.caller.tenantId;
}

function toBytes(url: string, { caller, query, variables }: Ask): Buffer {
  return toRequest(url, caller.token, query, variables);
}

/** Sends a request and hangs up; null when that came before the answer. */
async function abort(connection: HttpConnection, request: Buffer): Promise<HttpAnswer | null> {
  const timer = setTimeout(() => connection.close(), random() * ABORT_WITHIN_MS);
  const answer = await connection.send(request).catch(() => null);
  clearTimeout(timer);
  return answer;
}
