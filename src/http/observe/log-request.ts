import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../identity/principal.ts';
import type { RequestRecord } from '../../observability/request-record.ts';

export type Ending = {
  /** The pattern of the route; null where none fitted. The address as sent may hold anything. */
  readonly route: string | null;
  readonly status: number;
  readonly milliseconds: number;
};

// Asked every few seconds, and worth a line only to whoever looks for one.
const PROBES = new Set<string | null>(['/livez', '/readyz']);

/** The one line of a request: ids, names that a schema or a grammar bounds, and figures. No address, e-mail or input. */
export function logRequest(request: FastifyRequest, record: RequestRecord, ending: Ending): void {
  const { route, status, milliseconds } = ending;
  const { operation, triggerSource, codes, rule } = record;
  request.log[PROBES.has(route) ? 'debug' : 'info'](
    {
      method: request.method,
      route,
      status,
      ms: Math.round(milliseconds * 10) / 10,
      ...toCaller(request.principal),
      ...(operation && { operationType: operation.type, operationName: operation.name }),
      ...(triggerSource !== null && { triggerSource }),
      ...(codes.length > 0 && { codes }),
      ...(rule !== null && { rule }),
    },
    'request',
  );
}

// Routes that take no token have no principal at all.
function toCaller(principal: Principal | null | undefined): object | null {
  if (!principal) return null;
  const { kind, subject, clientId, tenantId } = principal;
  return { caller: { kind, sub: subject, clientId }, ...(tenantId !== null && { tenantId }) };
}
