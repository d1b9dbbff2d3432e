import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSecretFlag, type SecretFlagOptions } from './secret-flag.js';

describe('a flag for a secret', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-flag-'));
    writeFileSync(join(folder, 'key'), 'of the file\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (given: string, options: Partial<SecretFlagOptions> = {}) =>
    readSecretFlag({
      flag: '--jwt-secret',
      given,
      variable: 'JWT_SECRET',
      isSecret: true,
      environment: {},
      readInput: () => 'of the input\n',
      ...options,
    });

  it('is read from a file, from standard input, or from the environment', () => {
    expect(read(`@${join(folder, 'key')}`)).toBe('of the file');
    expect(read('@-')).toBe('of the input');
    expect(read('@env', { environment: { JWT_SECRET: 'of the environment' } })).toBe('of the environment');
  });

  it('says what cannot be read', () => {
    expect(() => read('@/nowhere/key')).toThrow('--jwt-secret: the file /nowhere/key cannot be read (ENOENT).');
    expect(() => read('@env')).toThrow('--jwt-secret @env: the variable JWT_SECRET is not set.');
  });

  it('is refused on the command line of npm, which shows and logs it', () => {
    expect(read('hush')).toBe('hush');
    for (const environment of [{ npm_lifecycle_event: 'setup' }, { npm_command: 'run' }]) {
      expect(() => read('hush', { environment })).toThrow(/^--jwt-secret has a secret/);
      expect(() => read('hush', { environment })).not.toThrow(/hush/);
      expect(read('@-', { environment })).toBe('of the input');
      // An address without a password, and one that is taken out.
      expect(read('redis://cache', { environment, isSecret: false })).toBe('redis://cache');
      expect(read('', { environment })).toBe('');
    }
  });
});
