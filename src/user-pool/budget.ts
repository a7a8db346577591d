/** `urgent`: somebody waits for it. `patient`: a job, which yields to all who are urgent. */
export type Lane = 'urgent' | 'patient';

/** Lets `requests` through within any `windowMs`; the others wait in line, urgent before patient. */
export type Budget = { take(lane: Lane): Promise<void> };

export function createBudget(requests: number, windowMs: number): Budget {
  const lines: Readonly<Record<Lane, (() => void)[]>> = { urgent: [], patient: [] };
  // When each of the last `requests` went through, the oldest first.
  const passed: number[] = [];
  let timer: NodeJS.Timeout | undefined;

  const waitMs = () => {
    const [oldest] = passed;
    return oldest === undefined || passed.length < requests ? 0 : oldest + windowMs - performance.now();
  };
  const serve = () => {
    timer = undefined;
    while (waitMs() <= 0) {
      const next = lines.urgent.shift() ?? lines.patient.shift();
      if (next === undefined) return;
      passed.push(performance.now());
      if (passed.length > requests) passed.shift();
      next();
    }
    if (lines.urgent.length + lines.patient.length > 0) timer = setTimeout(serve, Math.ceil(waitMs()));
  };
  return {
    take: (lane) =>
      new Promise((resolve) => {
        lines[lane].push(resolve);
        if (timer === undefined) serve();
      }),
  };
}
