import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';
import { errorCodes, printErrorCodes } from './error-codes.js';

/** Where errors of clients are made whose codes the compiler does not see. */
const FOLDERS = ['gateway', 'subgraphs/kit', 'subgraphs/process', 'ops/runtime/http'];

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|e2e/.test(file))
    .map((file) => readFileSync(join(projectRoot, folder, file), 'utf8')),
);

describe('the codes of errors', () => {
  it('are all described', () => {
    const used = sources.flatMap((text) => [...text.matchAll(/\bcode: '([A-Z_]+)'|'([A-Z_]+_EXCEEDED)'/g)]);
    const codes = new Set(used.map(([, code, limit]) => code ?? limit));
    expect(codes.size).toBeGreaterThan(15);
    expect([...codes].filter((code) => !(`${code}` in errorCodes))).toEqual([]);
  });

  it('are in the manual as they are here', () => {
    expect(readFileSync(join(projectRoot, 'schema/manual/errors.md'), 'utf8')).toContain(printErrorCodes());
    expect(printErrorCodes()).toMatch(/^\| `CONFIGURATION` \| .+ \| 500 \|$/m);
  });
});
