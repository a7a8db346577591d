import { StartupError } from '../errors.ts';

/** Notes one thing that keeps the schema from being built: where it stands, what is wrong, what to write instead. */
export type Report = (where: string, problem: string) => void;

/** What the author of a schema is told: every problem at once, one line each. */
export class Problems {
  readonly #lines = new Set<string>();

  readonly report: Report = (where, problem) => {
    this.#lines.add(`${where}: ${problem}`);
  };

  /** Throws StartupError with every problem noted so far, if there is any. */
  assertNone(): void {
    if (this.#lines.size > 0) {
      throw new StartupError(['The schema cannot be enforced as written:', ...this.#lines].join('\n  '));
    }
  }
}
