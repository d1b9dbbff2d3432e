import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pageReader } from './page-reader.js';

describe('the reader of a page', () => {
  it('reads it again once it was built anew, and has the last one while a build is under way', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'webmetrics-test-')), 'index.html');
    const write = (text: string, at: number) => {
      writeFileSync(file, text);
      utimesSync(file, at, at);
    };
    write('old <facts> page', 1);
    const read = pageReader(file, '<facts>');
    expect(read()).toEqual({ before: 'old ', after: ' page' });
    rmSync(file);
    expect(read()).toEqual({ before: 'old ', after: ' page' });
    write('new <facts> page', 2);
    expect(read()).toEqual({ before: 'new ', after: ' page' });
  });
});
