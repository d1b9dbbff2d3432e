import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';
import { errorCodes, printErrorCodes } from './error-codes.js';

/** Where errors of clients are made whose codes the compiler does not see; the typed client has some of its own, as the dashboard by it. */
const FOLDERS = ['gateway', 'subgraphs/kit', 'subgraphs/process', 'ops/runtime/http'];

/** Of values in `extensions.valueCompletion`, as Apollo's gateway answers them: of no error. */
const OF_VALUES = ['INVALID_GRAPHQL'];

/** Elsewhere such codes are beside `extensions`; others name the faults of connections. */
const OTHERS = ['subgraphs', 'ops/runtime', 'schema'];

const read = (folders: string[]) =>
  folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        (file) => /\.ts$/.test(file) && !/\.test\.ts$|e2e|testing\/|differential\/|^(?:client|dashboard)\//.test(file),
      )
      .map((file) => readFileSync(join(projectRoot, folder, file), 'utf8')),
  );
const sources = [...read(FOLDERS), ...read(OTHERS).filter((text) => text.includes('extensions'))];

describe('the codes of errors', () => {
  it('are all described', () => {
    const used = sources.flatMap((text) => [...text.matchAll(/\bcode: '([A-Z_]+)'|'([A-Z_]+_EXCEEDED)'/g)]);
    const codes = new Set(used.map(([, code, limit]) => code ?? limit));
    expect(codes.size).toBeGreaterThan(15);
    for (const code of Object.values(ApolloServerErrorCode)) codes.add(code);
    expect([...codes].filter((code) => !(`${code}` in errorCodes))).toEqual(OF_VALUES);
  });

  it('are in the manual as they are here', () => {
    expect(readFileSync(join(projectRoot, 'schema/manual/errors.md'), 'utf8')).toContain(printErrorCodes());
    expect(printErrorCodes()).toMatch(/^\| `CONFIGURATION` \| .+ \| 500 \|$/m);
  });
});
