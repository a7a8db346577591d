import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { SIGN_IN_OPTIONS, signInLocally, toSignInMessage } from './token/sign-in.ts';

const USAGE = `npm run -s token -- <email> [--tenant <slug>] [--password <password>]

Signs in at the local user pool of the product that runs on PORT (4000), and prints the access token alone.
Without --tenant it speaks for the user's default tenant; without --password the demo users' one is taken.`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' }, ...SIGN_IN_OPTIONS },
  });
  const [email] = positionals;
  const { password, tenant } = values;
  if (values.help) console.log(USAGE);
  else if (email === undefined) throw new Error(USAGE);
  else console.log(await signInLocally(readConfig(process.env), { email, password, tenant }));
} catch (error) {
  console.error(toSignInMessage(error));
  process.exitCode = 1;
}
