import { CATALOG } from './catalog.ts';
import { GRANT_PROBLEMS } from './grants.ts';
import { INDEX_PROBLEMS } from './indexes.ts';
import { KEY_PROBLEMS } from './keys.ts';
import { POLICY_PROBLEMS } from './policies.ts';
import { ROLE_PROBLEMS } from './roles.ts';
import { SERVER_PROBLEMS } from './server.ts';

/** One row per problem, as text. `$1`: the roles of the reaches; `$2`: the names of all migrations of the checkout. */
export const FIND_PROBLEMS = [
  CATALOG,
  [SERVER_PROBLEMS, ROLE_PROBLEMS, GRANT_PROBLEMS, POLICY_PROBLEMS, KEY_PROBLEMS, INDEX_PROBLEMS].join('\nunion all'),
].join('\n');
