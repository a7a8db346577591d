import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TriggerOutcome } from '../../observability/metrics.ts';
import { createRequestRecord, type RequestRecord } from '../../observability/request-record.ts';
import type { Telemetry } from '../../observability/telemetry.ts';
import type { Span, Tracer } from '../../observability/tracing.ts';
import { logRequest } from './log-request.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where the address itself could not be read: no hook runs there. */
    record: RequestRecord | null;
  }
}

/** Not in RFC 9110: what nginx logs, and others after it, for a caller who hung up before the answer. */
const HUNG_UP = 499;

/** Follows each request from its first byte to its end, and tells log, metrics and traces of it, once. */
export function observeRequests(app: FastifyInstance, telemetry: Telemetry): void {
  app.decorateRequest('record', null);
  app.addHook('onRequest', (request, reply, done) => {
    const span = startSpan(telemetry.tracer, request);
    const record = createRequestRecord(performance.now(), span);
    request.record = record;
    // Comes once, whether the answer was sent or nobody was left to send it to.
    reply.raw.once('close', () => tell(telemetry, request, record, toStatus(reply.raw)));
    span.run(done);
  });
  // The body arrives in events of the socket, which know of no span.
  app.addHook('preHandler', (request, _reply, done) => (request.record ? request.record.span.run(done) : done()));
}

// OpenTelemetry semantic conventions, HTTP server spans. A path no route knows may hold anything and is left out; every
// route is a path without parameters.
function startSpan(tracer: Tracer, { method, routeOptions, headers, protocol, id }: FastifyRequest): Span {
  const { url: route } = routeOptions;
  return tracer.start(route === undefined ? method : `${method} ${route}`, {
    kind: 'server',
    traceparent: headers['traceparent']?.toString(),
    attributes: {
      'http.request.method': method,
      'url.scheme': protocol,
      'tenantry.request_id': id,
      ...(route !== undefined && { 'http.route': route, 'url.path': route }),
    },
  });
}

function toStatus({ writableFinished, statusCode }: ServerResponse): number {
  return writableFinished ? statusCode : HUNG_UP;
}

function tell({ metrics }: Telemetry, request: FastifyRequest, record: RequestRecord, status: number): void {
  const route = request.routeOptions.url ?? null;
  const milliseconds = performance.now() - record.startedAt;
  const seconds = milliseconds / 1000;
  logRequest(request, record, { route, status, milliseconds });
  metrics.answered({ route, status, seconds });
  for (const code of record.codes) metrics.error(code);
  if (record.operation) metrics.operation(record.operation.type);
  if (record.triggerSource !== null) {
    metrics.trigger({ source: record.triggerSource, outcome: toTriggerOutcome(status), seconds });
    record.span.set({ 'tenantry.trigger.source': record.triggerSource });
  }
  record.span.set({ 'http.response.status_code': status });
  record.span.end(status >= 500 ? String(status) : undefined);
}

function toTriggerOutcome(status: number): TriggerOutcome {
  if (status < 400) return 'answered';
  return status < 499 ? 'refused' : 'failed';
}
