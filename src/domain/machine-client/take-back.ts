import type { DomainContext } from '../context.ts';

/**
 * Undoes at the pool what the store did not keep. Where the pool does not answer it stays: nobody knows the secret, and of
 * a client that is not registered no token is accepted.
 */
export async function takeBack({ log }: Pick<DomainContext, 'log'>, undo: () => Promise<void>): Promise<void> {
  await undo().catch((error: unknown) => log.warn({ err: error }, 'the user pool keeps what was to be taken back'));
}
