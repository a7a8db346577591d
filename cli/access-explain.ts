import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { explain } from './access/explain.ts';
import { toText } from './access/explanation-text.ts';
import { readDocument } from './access/read-request.ts';
import { SIGN_IN_OPTIONS, toSignInMessage } from './token/sign-in.ts';

const USAGE = `npm run -s access:explain -- --as <email> '<GraphQL document>'

Says of every field whether this caller is allowed it, by which rule, and where that is written; and what becomes of the
operation. Nothing is run. It decides on the token alone, as the server does before it runs anything: what verbs ask beside
that (ranks, an owner that remains) and which rows there are is not in it.

  --as <email>         signs in at the local user pool of the product that runs on PORT (4000)
  --as anonymous       without a token
  --token <jwt>        with this access token, from any pool; it is read and not verified
  --tenant <slug>      speaks for this tenant of the user instead of the default one
  --password <text>    by default that of the demo users
  --variables <json>   such as '{"id":"…"}'
  --operation <name>   which one, in a document of several
  --json               for machines

The document may also come on stdin. Exit code: 0 all is allowed, 2 something is denied, 1 a mistake.`;

const OPTIONS = {
  ...SIGN_IN_OPTIONS,
  help: { type: 'boolean', short: 'h' },
  as: { type: 'string' },
  token: { type: 'string' },
  variables: { type: 'string', default: '{}' },
  operation: { type: 'string' },
  json: { type: 'boolean' },
} as const;

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const { as, token, password, tenant, variables, operation: operationName, json } = values;
  if (values.help) console.log(USAGE);
  else {
    const asked = { document: await readDocument(positionals[0]), variables, operationName };
    const explanation = await explain(readConfig(process.env), { as, token, password, tenant }, asked);
    console.log(json ? JSON.stringify(explanation, null, 2) : toText(explanation));
    process.exitCode = explanation.outcome.isAllowed ? 0 : 2;
  }
} catch (error) {
  console.error(toSignInMessage(error));
  process.exitCode = 1;
}
