import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Context,
  isSpanContextValid,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from './logger.ts';
import { NO_SPAN, type Span, type Tracer, type TracingTimings } from './tracing.ts';

export type OpenTelemetryOptions = {
  /** The OTLP endpoint of all signals; spans go to `v1/traces` below it. */
  readonly url: string;
  readonly log: Pick<Logger, 'warn'>;
  readonly timings: TracingTimings;
};

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT };

/** The one file that knows OpenTelemetry: imported when there is somewhere to send spans to, and not before. */
export function createOpenTelemetryTracer({ url, log, timings }: OpenTelemetryOptions): Tracer {
  const contexts = new AsyncLocalStorage<Context>();
  const exporter = new OTLPTraceExporter({
    url: `${url.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: timings.sendTimeoutMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'tenantry' }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: withWarning(exporter, log), exportTimeoutMillis: timings.sendTimeoutMs }),
    ],
  });
  const tracer = provider.getTracer('tenantry');
  return {
    start: (name, { kind, attributes = {}, traceparent } = {}) => {
      // Jobs ask the database every few seconds: what no request waits for would be all that a trace store holds.
      if (kind === 'client' && contexts.getStore() === undefined) return NO_SPAN;
      // A request begins its own: what its connection last worked at is somebody else's.
      const parent = kind === 'server' ? toRemoteContext(traceparent) : (contexts.getStore() ?? ROOT_CONTEXT);
      const span = tracer.startSpan(name, { kind: kind ? KINDS[kind] : SpanKind.INTERNAL, attributes }, parent);
      return toSpan(span, contexts, trace.setSpan(parent, span));
    },
    [Symbol.asyncDispose]: async () => {
      // What cannot be sent in time is lost: nobody waits for it.
      const sent = provider.shutdown().catch(() => undefined);
      await Promise.race([sent, sleep(timings.closeTimeoutMs, undefined, { ref: false })]);
    },
  };
}

function toSpan(span: OtelSpan, contexts: AsyncLocalStorage<Context>, context: Context): Span {
  return {
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes),
    run: (work) => contexts.run(context, work),
    end: (failure) => {
      if (failure !== undefined) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

// W3C Trace Context §3.2.2; of a later version than 00 the same members are read, and `ff` is none.
const TRACEPARENT = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-|$)/;

function toRemoteContext(traceparent: string | undefined): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
}

function withWarning(exporter: SpanExporter, log: OpenTelemetryOptions['log']): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error) log.warn({ err: result.error, spans: spans.length }, 'spans could not be sent');
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
