import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Text in a style, on a terminal; plain everywhere else. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout, validateStream: true });
}

/** Tells what is being done, and how long it took once it is done. */
export async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const begun = performance.now();
  const result = await work();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(`${styled('green', '✓')} ${what} ${styled('dim', `${seconds} s`)}\n`);
  return result;
}
