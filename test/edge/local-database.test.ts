import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalDatabase, startLocalDatabase } from '../../local/database/start-local-database.ts';
import { withLogin } from '../support/connection-url.ts';
import { withClient } from '../support/database.ts';

const MODULE = fileURLToPath(new URL('../../local/database/start-local-database.ts', import.meta.url));

let parent: string;
/** Made once, since making it is what takes time; tests that break one make their own. */
let dir: string;
const open: LocalDatabase[] = [];
const places = new Set<string>();

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'local database '));
  await chmod(parent, 0o711);
  dir = join(parent, 'data base');
});

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});

afterAll(async () => {
  for (const folder of [...places, parent]) await rm(folder, { recursive: true, force: true });
});

async function start(folder: string = dir): Promise<LocalDatabase> {
  const database = await startLocalDatabase({ dir: folder, durable: false });
  open.push(database);
  places.add(dirname(database.dataDir));
  return database;
}

/** Starts the database in a process of its own, which prints where the data lies and waits. */
async function startElsewhere(): Promise<{
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly dataDir: string;
}> {
  const script = `
    const { startLocalDatabase } = await import(${JSON.stringify(MODULE)});
    const database = await startLocalDatabase({ dir: ${JSON.stringify(dir)}, durable: false });
    process.once('SIGINT', () => {
      console.log('interrupted');
      process.stdin.once('end', () => database.close()).resume();
    });
    console.log(database.dataDir);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, dataDir: chunk.toString().trim() };
}

const pidOf = (dataDir: string) => Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);

/** A process that ended but is not yet buried by its parent has no command line any more. */
const isAlive = (pid: number) =>
  spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes(' -D ');

async function waitUntilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(10);
}

describe('startLocalDatabase', () => {
  it('keeps what was written from one start to the next', async () => {
    const first = await start();
    await withClient(first.ownerUrl, (client) => client.query('create table kept as select 7 as seven'));
    await first.close();
    const second = await start();
    const { rows } = await withClient(second.ownerUrl, (client) => client.query('select * from kept'));
    expect(rows).toEqual([{ seven: 7 }]);
  });

  it('lets nobody in without the password, on this machine too', async () => {
    const { ownerUrl } = await start();
    const guess = withLogin(ownerUrl, { name: 'tenantry_owner', password: 'guess' });
    await expect(withClient(guess, (client) => client.query('select 1'))).rejects.toThrow('password authentication');
  });

  it('keeps passwords where only their owner reads them', async () => {
    await start();
    expect(statSync(join(dir, 'credentials.json')).mode & 0o777).toBe(0o600);
  });

  it('refuses a second start in the same process, naming who has it', async () => {
    await start();
    await expect(start()).rejects.toThrow(`in use by process ${process.pid}: `);
  });

  it('refuses a start beside another process, naming it', async () => {
    const { child } = await startElsewhere();
    await expect(start()).rejects.toThrow(new RegExp(`^[^\\n]*in use by process ${child.pid}: [^\\n]*$`));
    child.kill('SIGINT');
    child.stdin.end();
    await once(child, 'exit');
  });

  it('leaves no server behind when its process is killed', async () => {
    const { child, dataDir } = await startElsewhere();
    const pid = pidOf(dataDir);
    child.kill('SIGKILL');
    await waitUntilGone(pid);
    await start();
  });

  it('outlives the interrupt of its process group until it is closed', async () => {
    const { child, dataDir } = await startElsewhere();
    const pid = pidOf(dataDir);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await once(child.stdout, 'data');
    expect(isAlive(pid)).toBe(true);
    child.stdin.end();
    await once(child, 'exit');
    expect(isAlive(pid)).toBe(false);
  });

  it('stops a server left over from a start whose supervisor was killed too', async () => {
    const { child, dataDir } = await startElsewhere();
    const pid = pidOf(dataDir);
    const supervisor = Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
    process.kill(supervisor, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(pid)).toBe(true);
    const { ownerUrl } = await start();
    expect(isAlive(pid)).toBe(false);
    await withClient(ownerUrl, (client) => client.query('select 1'));
  }, 30_000);

  it('says which folder to delete when the data is broken', async () => {
    const broken = join(parent, 'broken');
    const { dataDir, close } = await start(broken);
    await close();
    truncateSync(join(dataDir, 'global', 'pg_control'));
    await expect(start(broken)).rejects.toThrow(
      new RegExp(`^The local database does not start \\(.*\\): delete ${broken} [^\\n]*$`),
    );
  });

  it('says which folder to delete when the passwords are gone', async () => {
    const robbed = join(parent, 'robbed');
    const { dataDir, close } = await start(robbed);
    await close();
    await rm(join(robbed, 'credentials.json'));
    await expect(start(robbed)).rejects.toThrow(`are gone: delete ${dataDir}`);
  });

  it.runIf(process.getuid?.() === 0)(
    'finds the same data again where PostgreSQL may not enter the folder',
    async () => {
      const shut = join(await mkdtemp(join(parent, 'shut ')), 'database');
      const first = await start(shut);
      expect(first.dataDir.startsWith(parent)).toBe(false);
      expect(statSync(first.dataDir).mode & 0o777).toBe(0o700);
      await first.close();
      expect((await start(shut)).dataDir).toBe(first.dataDir);
    },
  );

  it('closes twice as well as once', async () => {
    const { close, dataDir } = await start();
    await close();
    await close();
    expect(existsSync(join(dataDir, 'postmaster.pid'))).toBe(false);
  });
});
