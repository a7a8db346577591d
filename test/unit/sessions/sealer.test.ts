import { randomBytes } from 'node:crypto';
import { EncryptJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createSealer } from '../../../src/sessions/sealer.ts';

const aKey = () => randomBytes(32).toString('base64');
const KEY = aKey();
const LATER = new Date(Date.now() + 60_000);
const sealer = createSealer([KEY]);
const seal = () => sealer.seal({ access: 'a-token' }, 'row-1', LATER);

describe('what was sealed', () => {
  it('opens in its place', async () => {
    expect(await sealer.open(await seal(), 'row-1')).toMatchObject({ access: 'a-token' });
  });

  it('shows nothing of what it holds', async () => {
    const text = (await seal()).split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(text.join()).not.toContain('a-token');
  });

  it('does not open in another place', async () => {
    expect(await sealer.open(await seal(), 'row-2')).toBeNull();
  });

  it('does not open once its time is over', async () => {
    const sealed = await sealer.seal({ access: 'a-token' }, 'row-1', new Date(Date.now() - 1_000));
    expect(await sealer.open(sealed, 'row-1')).toBeNull();
  });

  it('does not open with any byte changed', async () => {
    const sealed = await seal();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed[at] === 'A' ? 'B' : 'A';
      const forged = sealed.slice(0, at) + changed + sealed.slice(at + 1);
      const opened = await sealer.open(forged, 'row-1');
      // The last character of a part may hold bits that stand for nothing.
      if (opened !== null)
        expect(Buffer.from(forged.split('.').at(-1) ?? '', 'base64url')).toEqual(
          Buffer.from(sealed.split('.').at(-1) ?? '', 'base64url'),
        );
    }
  });

  it('does not open with a key that is not among them', async () => {
    expect(await createSealer([aKey()]).open(await seal(), 'row-1')).toBeNull();
  });

  it('opens with an older key, and is sealed with the newest', async () => {
    const newest = aKey();
    const rotated = createSealer([newest, KEY]);
    expect(await rotated.open(await seal(), 'row-1')).toMatchObject({ access: 'a-token' });
    const sealed = await rotated.seal({ access: 'b-token' }, 'row-1', LATER);
    expect(await createSealer([newest]).open(sealed, 'row-1')).toMatchObject({ access: 'b-token' });
  });

  it.each(['', 'a', 'a.b.c', 'a.b.c.d.e', 'eyJhbGciOiJub25lIn0.e30.'])('is never %j', async (text) => {
    expect(await sealer.open(text, 'row-1')).toBeNull();
  });

  it('is nothing that names another algorithm, or no end', async () => {
    const secret = Buffer.from(KEY, 'base64');
    const kid = JSON.parse(Buffer.from((await seal()).split('.')[0] ?? '', 'base64url').toString()).kid;
    const unending = await new EncryptJWT({})
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
      .setSubject('row-1')
      .encrypt(secret);
    expect(await sealer.open(unending, 'row-1')).toBeNull();
    const wrapped = await new EncryptJWT({})
      .setProtectedHeader({ alg: 'A256KW', enc: 'A256GCM', kid })
      .setSubject('row-1')
      .setExpirationTime(LATER)
      .encrypt(secret);
    expect(await sealer.open(wrapped, 'row-1')).toBeNull();
  });
});
