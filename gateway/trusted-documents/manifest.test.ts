import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { buildManifest } from './build-manifest.js';
import { hashOf, parseManifest } from './manifest.js';
import { readDocuments } from './read-documents.js';
import { UntrustedDocuments } from './untrusted-documents.js';

const schema = buildSchema('type Query { user: User } type Mutation { go: Int } type User { id: ID name: String }');
const folder = mkdtempSync(join(tmpdir(), 'operations-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const operation = (name: string, body: string, id = hashOf(body)) => ({ id, name, type: 'query', body });
const manifest = (operations: unknown, more: object = {}) =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, ...more, operations });

describe('a manifest', () => {
  it('has the operations of a folder, each with the fragments it needs, from other files, too', () => {
    const whole = '# As it is sent.\nquery Whole { user { ...Id } } fragment Id on User { id }\n';
    write('app/whole.graphql', whole);
    write(
      'app/parts/two.gql',
      'query One { user { ...Name } } mutation Two { go } fragment Name on User { name ...Id }',
    );
    const built = buildManifest(schema, 'web', [join(folder, 'app')]);
    expect(built).toMatchObject({ format: 'apollo-persisted-query-manifest', version: 1, client: 'web' });
    expect(built.operations.map(({ name, type }) => [name, type])).toEqual([
      ['One', 'query'],
      ['Two', 'mutation'],
      ['Whole', 'query'],
    ]);
    const [one, two, asIs] = built.operations;
    expect(parse(one?.body ?? '').definitions).toHaveLength(3);
    expect(two?.body).toBe('mutation Two {\n  go\n}');
    expect(asIs).toEqual({ id: hashOf(whole), name: 'Whole', type: 'query', body: whole });
    expect(parseManifest(JSON.stringify(built), 'web.json')).toEqual(built);
    const again = write('generated.json', JSON.stringify({ ...built, client: undefined }));
    expect(buildManifest(schema, 'web', [again])).toEqual(built);
  });

  it.each([
    ['an operation without a name', '{ user { id } }', 'has no name'],
    ['what the schema does not have', 'query A { user { age } }', 'The operation A: Cannot query field "age"'],
    ['a subscription', 'subscription A { user { id } }', 'there are no subscriptions'],
    ['what is not GraphQL', 'query A {', 'Syntax Error'],
    ['two operations of one name', 'query A { user { id } } query A { user { name } }', 'two operations A'],
    ['two fragments of one name', 'fragment A on User { id } fragment A on User { name }', 'two fragments A'],
    ['no operation', 'fragment A on User { id }', 'There is no operation in'],
  ])('is not made of %s', (_what, text, problem) => {
    const file = write('wrong.graphql', text);
    expect(() => buildManifest(schema, undefined, [file])).toThrow(problem);
  });

  it.each([
    ['no JSON', '{', 'is not JSON'],
    ['another format', '{"format":"other","version":1,"operations":[]}', 'is no persisted query manifest: format'],
    ['another version', manifest([], { version: 2 }), 'is no persisted query manifest: version'],
    ['null', 'null', 'is no persisted query manifest'],
    ['an operation without a text', manifest([{ id: '1', name: 'A', type: 'query' }]), 'operations.0.body'],
    ['a text that is not GraphQL', manifest([operation('A', 'query A {')]), 'operation A'],
    [
      'two operations in a text',
      manifest([operation('A', 'query A { user { id } } query B { user { id } }')]),
      'one operation',
    ],
    ['another operation', manifest([operation('A', 'query B { user { id } }')]), 'another operation'],
  ])('is refused at the start with %s', (_what, text, problem) => {
    const file = write('refused.json', text);
    expect(() => readDocuments([file])).toThrow(problem);
    expect(() => readDocuments([file])).toThrow('refused.json');
  });

  it('is refused with the id of another document, also of another client', () => {
    const one = write('one.json', manifest([operation('A', 'query A { user { id } }', '1')]));
    const other = write('other.json', manifest([operation('B', 'query B { user { id } }', '1')]));
    expect(() => readDocuments([one, other])).toThrow('the id 1 of B is that of another document');
    expect(readDocuments([one, one]).texts.size).toBe(1);
  });

  it('must be where the settings say', () => {
    expect(() => readDocuments([join(folder, 'nowhere')])).toThrow('cannot be read');
    mkdirSync(join(folder, 'empty'));
    expect(() => readDocuments([join(folder, 'empty')])).toThrow('there is no manifest');
    expect(readDocuments([]).isTrusted(hashOf(''), undefined)).toBe(false);
  });
});

it('untrusted documents of anonymous callers displace none of signed-in ones', () => {
  const untrusted = new UntrustedDocuments();
  const now = new Date();
  const text = '# comment\n# query Not\n  query Shown { user { id } }';
  expect(untrusted.count({ client: 'web', text, hash: 'a', isSignedIn: true }, now)?.operation).toBe('Shown');
  for (let index = 0; index < 3_000; index += 1) {
    untrusted.count({ client: `client ${index}`, hash: `${index}`.repeat(200), isSignedIn: false }, now);
  }
  const listed = untrusted.list();
  expect(listed.length).toBe(1_001);
  expect(listed.find(({ hash }) => hash === 'a')).toMatchObject({ isSignedIn: true, operation: 'Shown' });
  expect(Math.max(...listed.map(({ hash }) => hash.length))).toBe(100);
});
