import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readEnvFile } from '#runtime/config/env-file.js';
import { ConfigurationError } from '#runtime/errors.js';
import { writeEnvFile } from './write-env-file.js';

const now = new Date('2026-11-22T10:20:30.456Z');
const values = { PORT: '9000', MAIL_FROM: `Web "M" <a@b.co>`, OTHER_PROGRAM: 'two words\nand a line' };
const modeOf = (file: string) => statSync(file).mode & 0o777;

describe('writing .env', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-write-'));
    file = join(folder, '.env');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes a file only its owner can read, with what each value is for', () => {
    expect(writeEnvFile(file, values, now)).toBeUndefined();
    expect(readEnvFile(file)).toEqual(values);
    expect(modeOf(file)).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('# Port of the gateway.\nPORT=9000\n');
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  it('keeps the file before, readable by its owner only even if it was not', () => {
    writeFileSync(file, 'PORT=8080 # mine\n');
    chmodSync(file, 0o644);
    const backup = writeEnvFile(file, values, now);
    expect(backup).toBe(`${file}.2026-11-22T10-20-30-456Z.backup`);
    expect(readFileSync(backup ?? '', 'utf8')).toBe('PORT=8080 # mine\n');
    expect([modeOf(backup ?? ''), modeOf(file)]).toEqual([0o600, 0o600]);
    expect(readEnvFile(file)).toEqual(values);
  });

  it('keeps comments and settings that are commented out, each time', () => {
    const before = [
      '# Ours since May.',
      '# PORT=8080',
      'PORT=8081',
      '',
      '# STRIPE_SECRET_KEY=sk_test_of_the_trial',
      '',
      'OTHER_PROGRAM="a value',
      '# which is no comment"',
      '# HOST is gone now.',
      'HOST=0.0.0.0',
    ];
    writeFileSync(file, before.join('\n'));
    const given = { PORT: '9000', OTHER_PROGRAM: 'a value\n# which is no comment' };
    for (const _time of [1, 2, 3]) {
      writeEnvFile(file, given, new Date(now.getTime() + _time));
      const text = readFileSync(file, 'utf8');
      expect(text).toContain('# Port of the gateway.\n# Ours since May.\n# PORT=8080\nPORT=9000\n');
      expect(text.match(/STRIPE_SECRET_KEY=sk_test_of_the_trial/g)).toHaveLength(1);
      expect(text.match(/# HOST is gone now\./g)).toHaveLength(1);
      expect(text.match(/which is no comment/g)).toHaveLength(1);
      expect(readEnvFile(file)).toEqual(given);
    }
  });

  it('leaves a link a link', () => {
    const real = join(folder, 'real.env');
    writeFileSync(real, 'PORT=8080\n');
    symlinkSync(real, file);
    writeEnvFile(file, values, now);
    expect(readlinkSync(file)).toBe(real);
    expect(readEnvFile(real)).toEqual(values);
  });

  it('changes nothing when a value cannot be written', () => {
    writeFileSync(file, 'PORT=8080\n');
    expect(() => writeEnvFile(file, { PORT: '9000', MAIL_FROM: `'"\`` }, now)).toThrow(ConfigurationError);
    expect(readFileSync(file, 'utf8')).toBe('PORT=8080\n');
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  it('changes nothing when a value would come back as another', () => {
    // A name no reader takes for one.
    expect(() => writeEnvFile(file, { 'NOT-A-NAME': 'x' }, now)).toThrow(ConfigurationError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails without a folder', () => {
    expect(() => writeEnvFile(join(folder, 'missing', '.env'), values, now)).toThrow(/cannot be written \(ENOENT\)/);
  });
});
