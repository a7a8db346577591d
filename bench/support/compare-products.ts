import { type Comparison, compare } from './compare.ts';
import { assertSameAnswers, type Condition } from './rounds.ts';
import type { Stage } from './stage.ts';

const OPERATIONS: Readonly<Record<string, string>> = {
  viewer: '{ viewer { sub tenantId groups profile { email } tenant { slug } } }',
  members:
    '{ members(first: 20) { nodes { id role user { email displayName } tenant { slug } } pageInfo { endCursor hasNextPage } } }',
};

type Product = Omit<Condition, 'asks'>;

/** A measurement of the product as it is, the condition "on", against the product without one part of it. */
export type ProductComparison = Pick<Comparison, 'name' | 'about' | 'against' | 'limit'> & {
  readonly startProducts: (stage: Stage) => Promise<readonly [on: Product, ...others: Product[]]>;
};

/** `args`: see `--help`. Throws Error with what to do. */
export function compareProducts({ startProducts, ...comparison }: ProductComparison, args: string[]): Promise<void> {
  const operations = Object.keys(OPERATIONS);
  return compare(
    {
      ...comparison,
      measured: 'on',
      population: { bigTenantMembers: 200_000, otherTenants: 200, otherMembers: 50 },
      operations,
      setConditions: async (stage) => {
        const asks = (operation: string) =>
          stage.members.map(({ token }) => ({ token, query: OPERATIONS[operation] ?? '' }));
        const [on, ...others] = await startProducts(stage);
        const conditions = [{ ...on, asks }, ...others.map((other) => ({ ...other, asks }))] as const;
        await assertSameAnswers(operations, conditions);
        return conditions;
      },
    },
    args,
  );
}
