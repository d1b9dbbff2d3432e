import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Sealer } from './crypto.js';

const key = randomBytes(32);
const sealer = new Sealer(key);

/** The sealed value with one bit of one byte of its body changed. */
function withChangedByte(sealed: string, index: number): string {
  const [version, keyId, body = ''] = sealed.split('.');
  const bytes = Buffer.from(body, 'base64url');
  const position = index < 0 ? bytes.length + index : index;
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  return [version, keyId, bytes.toString('base64url')].join('.');
}

describe('a sealed secret', () => {
  it.each([['ya29.token'], [''], ['Schlüssel 🔑'], ['x'.repeat(10_000)]])('opens to what was sealed', (plain) => {
    expect(sealer.open(sealer.seal(plain, 'connection:1'), 'connection:1')).toBe(plain);
  });

  it('reveals nothing of its plain text, and differs each time', () => {
    const sealed = sealer.seal('refresh-token', 'connection:1');
    expect(sealed).not.toContain('refresh-token');
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('refresh-token');
    expect(sealer.seal('refresh-token', 'connection:1')).not.toBe(sealed);
  });

  it('does not open with other associated data', () => {
    const sealed = sealer.seal('token', 'connection:1');
    expect(() => sealer.open(sealed, 'connection:2')).toThrow();
    expect(() => sealer.open(sealed, '')).toThrow();
  });

  it.each([
    ['nonce', 0],
    ['nonce', 11],
    ['ciphertext', 12],
    ['tag', -16],
    ['tag', -1],
  ])('does not open with a changed byte in its %s', (_part, index) => {
    const sealed = sealer.seal('token', 'connection:1');
    expect(() => sealer.open(withChangedByte(sealed, index), 'connection:1')).toThrow();
  });

  it('does not open when it was cut', () => {
    const [version, keyId, body = ''] = sealer.seal('token', 'connection:1').split('.');
    for (let length = 0; length < body.length; length += 1) {
      const cut = [version, keyId, body.slice(0, length)].join('.');
      expect(() => sealer.open(cut, 'connection:1')).toThrow();
    }
  });

  it('needs its keys only when it is used', () => {
    const without = Sealer.whenUsed(() => {
      throw new Error('TOKEN_ENCRYPTION_KEY is not set');
    });
    expect(() => without.seal('token', 'connection:1')).toThrow('TOKEN_ENCRYPTION_KEY is not set');
    const sealed = sealer.seal('token', 'connection:1');
    expect(Sealer.whenUsed(() => [key]).open(sealed, 'connection:1')).toBe('token');
  });

  it('does not look at a tag that was cut', () => {
    const [version, keyId, body = ''] = sealer.seal('', 'connection:1').split('.');
    // 12 bytes of nonce and 4 to 15 of 16: lengths that GCM itself allows.
    for (let bytes = 16; bytes < 28; bytes += 1) {
      const cut = Buffer.from(body, 'base64url').subarray(0, bytes).toString('base64url');
      expect(() => sealer.open([version, keyId, cut].join('.'), 'connection:1')).toThrow('has been cut');
    }
  });

  it.each([[''], ['v1'], ['v2.0.x'], ['plain text']])('does not open when it is "%s"', (text) => {
    expect(() => sealer.open(text, 'connection:1')).toThrow('unknown form');
  });

  it('names the key that is missing', () => {
    const sealed = new Sealer(randomBytes(32)).seal('token', 'connection:1');
    expect(() => sealer.open(sealed, 'connection:1')).toThrow(`The key ${sealed.split('.')[1]} that sealed a secret`);
  });

  it('does not open with another key under its key id', () => {
    const [version, , body] = new Sealer(randomBytes(32)).seal('token', 'connection:1').split('.');
    const keyId = sealer.seal('', '').split('.')[1];
    expect(() => sealer.open([version, keyId, body].join('.'), 'connection:1')).toThrow();
  });

  it('opens with a previous key, while new ones are sealed with the current', () => {
    const sealed = sealer.seal('token', 'connection:1');
    const current = randomBytes(32);
    const rotated = new Sealer(current, key);
    expect(rotated.open(sealed, 'connection:1')).toBe('token');
    expect(new Sealer(current).open(rotated.seal('token', 'connection:1'), 'connection:1')).toBe('token');
  });

  it('opens in every process throughout a change of keys in two steps: first known everywhere, then current', () => {
    const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
    const steps = [new Sealer(oldKey), new Sealer(oldKey, newKey), new Sealer(newKey, oldKey), new Sealer(newKey)];
    // A rolling restart has processes of two steps at once, and the rotation comes before the last step.
    for (const [writers, readers] of [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 1],
      [2, 3],
    ] as const) {
      const sealed = (steps[writers] as Sealer).seal('token', 'connection:1');
      expect((steps[readers] as Sealer).open(sealed, 'connection:1')).toBe('token');
    }
  });
});
