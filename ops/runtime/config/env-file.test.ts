import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '#runtime/errors.js';
import { readEnvFile } from './env-file.js';

describe('a .env file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-env-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function read(...lines: string[]): Record<string, string> {
    const file = join(folder, '.env');
    writeFileSync(file, lines.join('\n'));
    return readEnvFile(file);
  }

  it('may be missing', () => {
    expect(readEnvFile(join(folder, 'missing'))).toEqual({});
  });

  it('sets variables, between comments and empty lines', () => {
    expect(read('# the port', 'PORT=3000 # not 8080', '', 'HOST = localhost', '#', 'EMPTY=', 'LAST=1')).toEqual({
      PORT: '3000',
      HOST: 'localhost',
      EMPTY: '',
      LAST: '1',
    });
  });

  it.each([
    ['an indented comment', '  # indented'],
    ['spaces in front', '  OTHER=1'],
    ['a tab in front', '\tOTHER=1'],
    ['a tab after export', 'export\tOTHER=1'],
  ])('loses nothing to %s', (_what, line) => {
    const { FIRST, OTHER = '1', LAST, ...rest } = read('FIRST=0', line, 'LAST=2');
    expect({ FIRST, OTHER, LAST, rest }).toEqual({ FIRST: '0', OTHER: '1', LAST: '2', rest: {} });
  });

  it('may begin with a byte order mark', () => {
    expect(read('\ufeffPORT=3000', 'HOST=localhost')).toEqual({ PORT: '3000', HOST: 'localhost' });
  });

  it('may have the line ends of Windows', () => {
    expect(read('PORT=3000\r', '\r', 'HOST=localhost\r')).toEqual({ PORT: '3000', HOST: 'localhost' });
  });

  it('may be written for a shell', () => {
    expect(read('export PORT=3000')).toEqual({ PORT: '3000' });
  });

  it('keeps quoted values as they are', () => {
    expect(read(`A="a # b"`, `B='it is "so"'`, 'C=`both " and \'`')).toEqual({
      A: 'a # b',
      B: 'it is "so"',
      C: 'both " and \'',
    });
  });

  it('may have quoted values of several lines', () => {
    expect(read('KEY="-----BEGIN KEY-----', 'MIIB no name here', '-----END KEY-----"', 'PORT=3000')).toEqual({
      KEY: '-----BEGIN KEY-----\nMIIB no name here\n-----END KEY-----',
      PORT: '3000',
    });
  });

  it.each([
    ['a quote inside a value', `QUERY=a="b`, { QUERY: 'a="b' }],
    ['a quote inside a comment', `PORT=3000 # say="hello`, { PORT: '3000' }],
    ['another quote after a closed value', `NAME="x" # y='z`, { NAME: 'x' }],
  ])('does not take %s for the beginning of a value', (_what, line, expected) => {
    expect(read(line, 'LAST=1')).toEqual({ ...expected, LAST: '1' });
  });

  it.each([['PORT 3000'], ['PORT: 3000'], ['=3000'], ['1PORT=3000'], ['MY-PORT=3000'], ['just words']])(
    'with the line "%s" is refused, and the line is named',
    (line) => {
      expect(() => read('# first', 'HOST=localhost', line)).toThrow(ConfigurationError);
      expect(() => read('# first', 'HOST=localhost', line)).toThrow(/\.env, line 3: expected NAME=value/);
    },
  );

  it('with a broken line behind a multi-line value is refused with the right number', () => {
    expect(() => read('KEY="one', 'two"', 'PORT 3000')).toThrow(/line 3/);
  });

  it.each([['"'], ["'"], ['`']])('with a quote %s that never closes is refused', (quote) => {
    expect(() => read(`KEY=${quote}one`, 'PORT=3000')).toThrow(ConfigurationError);
    expect(() => read(`KEY=${quote}one`, 'PORT=3000')).toThrow(/never closed/);
  });

  it('that is a folder is refused', () => {
    expect(() => readEnvFile(folder)).toThrow(ConfigurationError);
  });
});
