import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '#runtime/errors.js';
import { makeDataDir } from './data-dir.js';

// Root may write anywhere, and only Linux has /proc.
const itAsUser = process.getuid?.() === 0 ? it.skip : it;
const itOnLinux = platform() === 'linux' ? it : it.skip;

describe('the data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-data-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function expectRefused(dataDir: string): void {
    expect(() => makeDataDir(dataDir)).toThrow(ConfigurationError);
    expect(() => makeDataDir(dataDir)).toThrow(`The data folder ${dataDir} cannot be written`);
  }

  it('is created with its parent folders', () => {
    const dataDir = join(folder, 'deep', 'down', 'here');
    makeDataDir(dataDir);
    expect(statSync(dataDir).isDirectory()).toBe(true);
  });

  it('may exist', () => {
    makeDataDir(folder);
    makeDataDir(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it('cannot be below a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expectRefused(join(folder, 'file', 'data'));
  });

  it.each([
    ['', 0o644],
    [' that may be executed', 0o755],
  ])('cannot be a file%s', (_kind, mode) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    chmodSync(file, mode);
    expectRefused(file);
  });

  it('cannot be a link to nowhere', () => {
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    expectRefused(join(folder, 'link'));
  });

  itOnLinux('cannot be where the system makes no folders', () => {
    expectRefused('/proc/webmetrics');
    expectRefused('/proc/webmetrics/data');
  });

  itAsUser('cannot be one this user may not write', () => {
    chmodSync(folder, 0o500);
    expectRefused(folder);
    expectRefused(join(folder, 'data'));
    chmodSync(folder, 0o700);
  });
});
