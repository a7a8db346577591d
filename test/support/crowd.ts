import { addMember, addTenant, type Member } from './people.ts';
import type { Product } from './product.ts';

export const CROWD_SIZE = 45;

/**
 * A tenant of 45 in the order they joined: zoe, its owner, then user44 down to user01, every tenth of them an ADMIN. By
 * address the order is the other way round.
 */
export async function addCrowd(product: Product): Promise<readonly [owner: Member, ...others: Member[]]> {
  const tenantId = await addTenant(product);
  const crowd: [Member, ...Member[]] = [await addMember(product, tenantId, 'OWNER', 'zoe@crowd.test')];
  for (let number = CROWD_SIZE - 1; number > 0; number -= 1) {
    const email = `user${String(number).padStart(2, '0')}@crowd.test`;
    crowd.push(await addMember(product, tenantId, number % 10 === 0 ? 'ADMIN' : 'MEMBER', email));
  }
  return crowd;
}
