import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, NoDeprecatedCustomRule, parse, validate } from 'graphql';
import { breakingChanges, compareContracts, findUndeclared } from './compare-contracts.js';
import { listDeprecations, removalDayOf } from './deprecations.js';
import { readTrustedOperations } from './trusted-operations.js';
import { schemaFile } from './type-definitions.js';

const api = readFileSync(schemaFile('api.graphql'), 'utf8');

describe('two contracts', () => {
  const before = {
    api: 'type Query { user(id: ID!): User kinds: [Kind!] } type User { id: ID! name: String } enum Kind { ONE }',
    errors: '| `NOT_FOUND` | check the id | 404 |\n| `BAD_A` `BAD_B` | correct | 400 |\n',
    openapi: JSON.stringify({ paths: { '/api/user': { get: {}, parameters: [] }, '/api/gone': { post: {} } } }),
  };
  const after = {
    api: 'type Query { user(id: ID!, x: Int!): User kinds: [Kind!] } type User { id: ID! age: Int } enum Kind { ONE TWO }',
    errors: '| `NOT_FOUND` `NEW` | check the id | 404 |\n| `BAD_A` | correct | 400 |\n',
    openapi: JSON.stringify({ paths: { '/api/user': { get: {}, delete: {} } } }),
  };
  const idsOf = (changes: { type: string; path: string }[]) =>
    changes.map(({ type, path }) => `${type} ${path}`).sort();

  it('differ in what breaks clients, what may, and what is safe', async () => {
    const { breaking, dangerous, safe } = await compareContracts(before, after);
    expect(idsOf(breaking)).toEqual([
      'ERROR_CODE_REMOVED BAD_B',
      'FIELD_ARGUMENT_ADDED Query.user.x',
      'FIELD_REMOVED User.name',
      'RESOURCE_REMOVED POST /api/gone',
    ]);
    expect(idsOf(dangerous)).toEqual(['ENUM_VALUE_ADDED Kind.TWO']);
    expect(idsOf(safe)).toEqual(['ERROR_CODE_ADDED NEW', 'FIELD_ADDED User.age', 'RESOURCE_ADDED DELETE /api/user']);
  });

  it('may differ in breaking changes that were declared since', async () => {
    const comparison = await compareContracts(before, after);
    const declare = (type: string, path: string, release: string) => ({ type, path, release, instead: 'Use another.' });
    const old = declare('FIELD_REMOVED', 'User.name', '1.0.0');
    const declared = [
      old,
      declare('ERROR_CODE_REMOVED', 'BAD_B', '2.0.0'),
      declare('RESOURCE_REMOVED', 'POST /api/gone', '2.0.0'),
    ];
    expect(idsOf(findUndeclared(comparison, [old], declared))).toEqual([
      'FIELD_ARGUMENT_ADDED Query.user.x',
      'FIELD_REMOVED User.name',
    ]);
    expect(idsOf(findUndeclared(comparison, [], declared))).toEqual(['FIELD_ARGUMENT_ADDED Query.user.x']);
  });

  it('are not compared without differences', async () => {
    const contract = { api, errors: readFileSync(schemaFile('manual/errors.md'), 'utf8'), openapi: undefined };
    const none = { breaking: [], dangerous: [], safe: [] };
    expect(await compareContracts(contract, contract)).toEqual(none);
    const { breaking } = await compareContracts(contract, { ...contract, errors: '' });
    expect(breaking.length).toBeGreaterThan(30);
  });

  it('have declared changes in a known form', () => {
    const text = readFileSync(schemaFile('breaking-changes.json'), 'utf8');
    expect(breakingChanges.safeParse(JSON.parse(text)).error).toBeUndefined();
    expect(breakingChanges.safeParse([{ type: 'FIELD_REMOVED', path: 'User.name', release: 'next' }]).success).toBe(
      false,
    );
  });
});

describe('what is deprecated', () => {
  it('says what to use, and when it is removed', () => {
    const undated = listDeprecations(buildSchema(api)).filter((deprecation) => !removalDayOf(deprecation));
    expect(undated).toEqual([]);
  });

  it('is found wherever it stands, with its day', () => {
    const reason = '(reason: "Use `id`. Removed on 2027-03-31.")';
    const schema = buildSchema(`
      type Query { a(b: Int @deprecated${reason}, c: In, k: K): Int @deprecated${reason} }
      input In { d: Int @deprecated${reason} e: Int @deprecated }
      enum K { L @deprecated(reason: "Removed on 2027-02-30.") M @deprecated(reason: "Use L. Removed on 2027-02-30.") N }
    `);
    const found = listDeprecations(schema).map((each) => [each.path, removalDayOf(each)]);
    expect(Object.fromEntries(found)).toEqual({
      'Query.a': '2027-03-31',
      'Query.a(b:)': '2027-03-31',
      'In.d': '2027-03-31',
      'In.e': undefined,
      'K.L': undefined,
      'K.M': undefined,
    });
  });

  it('is used by no operation that WebMetrics ships or shows', () => {
    const files = readdirSync(schemaFile('examples')).filter((file) => file.endsWith('.graphql'));
    const examples = files.map((file) => readFileSync(schemaFile(`examples/${file}`), 'utf8'));
    const texts = [...examples, ...[...readTrustedOperations().values()].map(({ text }) => text)];
    const schema = buildSchema(api);
    expect(texts.flatMap((text) => validate(schema, parse(text), [NoDeprecatedCustomRule]))).toEqual([]);
  });
});
