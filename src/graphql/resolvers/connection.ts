import type { Page } from '../../domain/paging.ts';

/** Resolvers of a Relay connection over a page. Cursors and totals cost something, so each is made only when asked for. */
export function connection<Row>() {
  return {
    edges: (page: Page<Row>) => page.rows.map((node) => ({ cursor: page.cursorOf(node), node })),
    nodes: (page: Page<Row>) => [...page.rows],
    pageInfo: (page: Page<Row>) => ({
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: toCursor(page, page.rows.at(0)),
      endCursor: toCursor(page, page.rows.at(-1)),
    }),
    totalCount: (page: Page<Row>) => page.countAll(),
  };
}

function toCursor<Row>(page: Page<Row>, row: Row | undefined): string | null {
  return row === undefined ? null : page.cursorOf(row);
}
