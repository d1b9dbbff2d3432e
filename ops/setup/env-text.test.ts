import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvFile } from '#runtime/config/env-file.js';
import { ConfigurationError } from '#runtime/errors.js';
import { envValue } from './env-text.js';

describe('a value in a .env file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-value-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const nasty: [what: string, value: string][] = [
    ['plain text', 'postgres://user:p%40ss@db.example.com:5432/webmetrics?sslmode=require'],
    ['spaces', 'two words'],
    ['spaces around', '  around  '],
    ['a comment', 'a # b'],
    ['a comment without a space', 'a#b'],
    ['a single quote', "it's"],
    ['double quotes', 'say "hello"'],
    ['single and double quotes', `it's "so"`],
    ['a backtick', 'a`b'],
    ['a single quote and a backtick', "it's `so`"],
    ['a dollar', 'pa$$word$HOME$(id)'],
    ['a single quote and a dollar', "it's $5"],
    ['a backslash', 'C:\\new\\table'],
    ['a backslash at the end', 'ends\\'],
    ['a single quote and a backslash', "it's C:\\new"],
    ['quotes around', '"quoted"'],
    ['single quotes around', "'quoted'"],
    ['an equals sign', 'a=b==c'],
    ['a bang and brackets', '!a{b}[c](d)<e>;f|g&h*i?j~'],
    ['letters of the world', 'Zoë · 日本 · 🔑'],
    ['several lines', '-----BEGIN KEY-----\nMIIB\n-----END KEY-----'],
    ['a tab', 'a\tb'],
  ];

  it.each(nasty)('with %s parses to the same value', (_what, value) => {
    const file = join(folder, '.env');
    writeFileSync(file, `BEFORE=1\nNAME=${envValue('NAME', value)}\nAFTER=2\n`);
    expect(readEnvFile(file)).toEqual({ BEFORE: '1', NAME: value, AFTER: '2' });
  });

  it('is single-quoted where possible, which docker compose reads literally', () => {
    expect(envValue('NAME', 'pa$$word #1')).toBe("'pa$$word #1'");
    expect(envValue('NAME', "it's")).toBe('"it\'s"');
    expect(envValue('NAME', '0f'.repeat(32))).toBe('0f'.repeat(32));
  });

  it('is refused when no quoting works', () => {
    expect(() => envValue('SMTP_URL', `a'b"c\`d`)).toThrow(ConfigurationError);
    expect(() => envValue('SMTP_URL', `a'b"c\`d`)).toThrow(/^SMTP_URL cannot be written/);
  });
});
