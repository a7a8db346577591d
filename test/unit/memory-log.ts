import { createLogger } from '../../src/observability/logger.ts';

/** A line of the log, with the level by name and without the time, process and host. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** The product's own logger, whose lines a test reads from memory. */
export function createMemoryLog() {
  const lines: LogLine[] = [];
  const write = (line: string) => {
    const { level, time: _time, pid: _pid, hostname: _hostname, ...rest } = JSON.parse(line);
    lines.push({ ...rest, level: log.levels.labels[level] });
  };
  const log = createLogger('debug', { write });
  return { log, lines };
}
