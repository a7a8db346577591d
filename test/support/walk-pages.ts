type Page = { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } };

/** Every page of a list from the first to the last, each asked for by the cursor the page before ended with. */
export async function walkPages<One extends Page>(ask: (after: string | null) => Promise<One>): Promise<One[]> {
  const pages = [await ask(null)];
  for (let last = pages.at(-1); last?.pageInfo.hasNextPage; last = pages.at(-1)) {
    pages.push(await ask(last.pageInfo.endCursor));
  }
  return pages;
}
