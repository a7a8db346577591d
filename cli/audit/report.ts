import { FAULTS, type Fault, NO_TENANT } from '../../src/domain/audit-trail/index.ts';
import type { Report } from './verify.ts';

/** For people: a line for each fault, and what was looked at. */
export function toReport({ events, chains, faultCount, faults }: Report): string {
  const untold = faultCount - faults.length;
  return [
    ...faults.map(toLine),
    ...(untold > 0 ? [`… and ${untold} more`] : []),
    `${events} sealed events in ${chains} chains: ${faultCount === 0 ? 'all as they were sealed' : `${faultCount} faults`}`,
  ].join('\n');
}

function toLine({ kind, chain, eventId, seq }: Fault): string {
  const where = [
    chain === NO_TENANT ? 'no tenant' : `tenant ${chain}`,
    ...(eventId === null ? [] : [`event ${eventId}`]),
    ...(seq === null ? [] : [`seal ${seq}`]),
  ];
  return `${kind} ${where.join(', ')}: ${FAULTS[kind]}`;
}
