import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { readTrustedOperation, readTrustedOperations } from './trusted-operations.js';
import { schemaFile } from './type-definitions.js';

const api = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));

describe('trusted operations', () => {
  it.each([...readTrustedOperations()])('%s fits the API', (_name, { text }) => {
    expect(validate(api, parse(text))).toEqual([]);
  });

  it('has one operation a file, which is named after it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'operations-'));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    expect(readTrustedOperation(file('list-plans.graphql', 'query ListPlans { plans { id } }'))).toMatchObject({
      name: 'ListPlans',
      type: 'query',
    });
    expect(() => readTrustedOperation(file('plans.graphql', 'query ListPlans { plans { id } }'))).toThrow(
      /list-plans\.graphql/,
    );
    expect(() => readTrustedOperation(file('anonymous.graphql', '{ plans { id } }'))).toThrow(/with a name/);
    expect(() => readTrustedOperation(file('two.graphql', 'query One { me { id } } query Two { me { id } }'))).toThrow(
      /one operation/,
    );
  });
});
