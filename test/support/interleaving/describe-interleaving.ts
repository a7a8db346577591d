import { beforeAll, describe, expect, it } from 'vitest';
import { KINDS } from './deck.ts';
import { FAULTS, LEAST_ABORTED, LEAST_HANDOVERS, LEAST_KILLED, LEAST_ROWS } from './enough.ts';
import { type InterleavingOptions, interleave } from './interleave.ts';
import type { NodeReport } from './node.ts';
import { toTable } from './table.ts';
import type { End } from './tally.ts';

export type DescribeOptions = InterleavingOptions & { readonly timeoutMs: number };

/** The tests of one run; that it was no idle one is tested with it. */
export function describeInterleaving({ timeoutMs, ...options }: DescribeOptions): void {
  describe('20 tenants at once, while statements fail, time out and wait, clients hang up and sessions are ended', () => {
    let nodes: readonly NodeReport[];
    let damage: readonly string[];
    beforeAll(async () => {
      ({ nodes, damage } = await interleave(options));
      if (options.progressSeconds > 0) process.stdout.write(toTable(nodes));
    }, timeoutMs);
    const all = <Item>(pick: (node: NodeReport) => readonly Item[]) => nodes.flatMap(pick);
    const sum = (count: (node: NodeReport) => number) => nodes.reduce((total, node) => total + count(node), 0);
    const ended = (end: End) => sum(({ kinds }) => Object.values(kinds).reduce((total, ends) => total + ends[end], 0));

    it('are handed no row of another where rows leave the database', () => {
      expect(all(({ foreignRows }) => foreignRows)).toEqual([]);
      expect(sum(({ judgedRows }) => judgedRows)).toBeGreaterThan(options.operations * LEAST_ROWS);
    });

    it('are answered no id and no text of another', () => {
      expect(all(({ foreignTexts }) => foreignTexts)).toEqual([]);
    });

    it('are answered what is theirs, or that it cannot be had just now', () => {
      expect(all(({ wrong }) => wrong)).toEqual([]);
      expect(ended('right')).toBeGreaterThanOrEqual(options.operations);
    });

    it("write nothing that is another's, and nothing by half", () => {
      expect(damage).toEqual([]);
    });

    it('leave nothing on a connection for a statement without a scope', () => {
      expect(all(({ leftovers }) => leftovers)).toEqual([]);
    });

    it('never need the directives to hold a row back', () => {
      expect(all(({ heldBack }) => heldBack)).toEqual([]);
    });

    it("get each other's connections, and share users who ask in both at once", () => {
      expect(sum(({ handovers }) => handovers)).toBeGreaterThan(options.operations * LEAST_HANDOVERS);
      expect(Math.min(...nodes.map(({ sharedConnections }) => sharedConnections))).toBeGreaterThan(1);
      expect(Math.min(...nodes.map(({ inBothAtOnce }) => inBothAtOnce))).toBeGreaterThan(0);
    });

    it('ask everything there is to ask, and are answered it', () => {
      const answered = nodes.map(({ kinds }) => Object.keys(kinds).filter((kind) => (kinds[kind]?.right ?? 0) > 0));
      expect(answered.map(({ length }) => length)).toEqual(nodes.map(() => KINDS));
    });

    it('meet every fault there is meant to be', () => {
      for (const { failures } of nodes) expect(Object.keys(failures)).toEqual(expect.arrayContaining([...FAULTS]));
      expect(ended('aborted')).toBeGreaterThan(options.operations * LEAST_ABORTED);
      expect(sum(({ killed }) => killed)).toBeGreaterThan(options.operations * LEAST_KILLED);
    });
  });
}
