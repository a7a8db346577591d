import type { NodeReport } from './node.ts';

/** A run in figures, node by node, for people. */
export function toTable(nodes: readonly NodeReport[]): string {
  return `${nodes.flatMap(toLines).join('\n')}\n`;
}

function toLines(node: NodeReport): readonly string[] {
  const kinds = Object.entries(node.kinds).toSorted(([one], [other]) => one.localeCompare(other));
  const failures = Object.entries(node.failures).map(([cause, count]) => `${count} ${cause}`);
  return [
    '',
    `${node.name}, ${node.seconds.toFixed(0)} s`,
    '| operation | right | refused | aborted | wrong |',
    '|---|--:|--:|--:|--:|',
    ...kinds.map(([kind, ends]) => `| ${[kind, ends.right, ends.refused, ends.aborted, ends.wrong].join(' | ')} |`),
    `${node.judgedRows} rows judged at the database, ${node.foreignRows.length} of them foreign`,
    `${node.foreignTexts.length} answers with what is another's, ${node.heldBack.length} rows held back by a directive`,
    `${node.killed} sessions ended; ${node.sharedConnections} connections shared, ${node.handovers} times handed on`,
    `${node.inBothAtOnce} times a user asked in both of his tenants at once`,
    `failures in the log: ${failures.join(', ')}`,
  ];
}
