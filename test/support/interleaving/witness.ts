/** What was seen of rows where they leave the database, before any other net could hold one back. */
export type Sightings = {
  readonly judgedRows: number;
  /** Rows that were not the caller's, each in a few words. None is allowed. */
  readonly foreignRows: readonly string[];
  /** What a statement without a scope found or was given. None is allowed. */
  readonly leftovers: readonly string[];
  /** Connections that served a tenant after they had served another, and how often one passed from hand to hand. */
  readonly sharedConnections: number;
  readonly handovers: number;
};

export type Witness = {
  /** The rows, each of them judged. */
  judge<Row extends object>(caller: string, rows: readonly Row[], isOwn: (row: Row) => boolean): readonly Row[];
  noteConnection(pid: number, tenantId: string): void;
  noteLeftover(what: string): void;
  tell(): Sightings;
};

const MOST_TOLD = 20;

export function createWitness(): Witness {
  const foreignRows: string[] = [];
  const leftovers: string[] = [];
  const lastOn = new Map<number, string>();
  const shared = new Set<number>();
  let [judgedRows, handovers] = [0, 0];
  const tell = (list: string[], what: string) => list.length < MOST_TOLD && list.push(what);
  return {
    judge: (caller, rows, isOwn) => {
      judgedRows += rows.length;
      for (const row of rows)
        if (!isOwn(row)) tell(foreignRows, `${caller} was given ${toText(row)}, after ${judgedRows} rows`);
      return rows;
    },
    noteConnection: (pid, tenantId) => {
      const last = lastOn.get(pid);
      lastOn.set(pid, tenantId);
      if (last === undefined || last === tenantId) return;
      handovers += 1;
      shared.add(pid);
    },
    noteLeftover: (what) => tell(leftovers, what),
    tell: () => ({ judgedRows, foreignRows, leftovers, sharedConnections: shared.size, handovers }),
  };
}

function toText(row: object): string {
  return JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}
