import { describe, expect, it } from '@jest/globals';
import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import { limits, sizeLimits } from './size-limits.js';

const schema = buildSchema(`
  type Query { node: Node name: String }
  type Node { node: Node name: String }
`);

/** The errors of `sizeLimits` alone. */
const refusals = (query: string): string[] =>
  validate(schema, parse(query), [sizeLimits]).map((error) => {
    expect(error.extensions.code).toMatch(/^[A-Z_]+_LIMIT_EXCEEDED$/);
    return error.message;
  });

const codes = (query: string): unknown[] =>
  validate(schema, parse(query), [sizeLimits]).map(({ extensions }) => extensions.code);

const nested = (levels: number, innermost = 'name'): string =>
  levels === 0 ? innermost : `node { ${nested(levels - 1, innermost)} }`;

const aliases = (count: number, field = 'name'): string =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

const tooDeep = (levels: number) => `The operation is nested ${levels} levels deep; ${limits.depth} are allowed.`;
const tooManyAliases = (count: number) => `The operation has ${count} aliases; ${limits.aliases} are allowed.`;

describe('the depth of an operation', () => {
  it('may equal the limit and not exceed it', () => {
    expect(refusals(`{ ${nested(limits.depth - 1)} }`)).toEqual([]);
    expect(refusals(`{ ${nested(limits.depth)} }`)).toEqual([tooDeep(limits.depth + 1)]);
  });

  it('is that of its deepest branch', () => {
    expect(refusals(`{ name ${nested(limits.depth)} other: name }`)).toEqual([tooDeep(limits.depth + 1)]);
  });

  it('continues through fragments, in any order', () => {
    const query = `
      fragment Inner on Node { ${nested(10)} }
      query { ${nested(5, '...Outer')} }
      fragment Outer on Node { ${nested(5, '...Inner')} }
    `;
    expect(refusals(query)).toEqual([tooDeep(21)]);
  });

  it('continues through inline fragments, which are not a level', () => {
    const inFragments = (levels: number): string =>
      levels === 0 ? 'name' : `... on Node { ... { node { ${inFragments(levels - 1)} } } }`;
    expect(refusals(`{ node { ${inFragments(limits.depth - 2)} } }`)).toEqual([]);
    expect(refusals(`{ node { ${inFragments(limits.depth - 1)} } }`)).toEqual([tooDeep(limits.depth + 1)]);
  });

  it('is counted for each operation of a document', () => {
    expect(refusals(`query Fine { name } query Deep { ${nested(25)} }`)).toEqual([tooDeep(26)]);
  });
});

describe('the aliases of an operation', () => {
  it('may equal the limit and not exceed it', () => {
    expect(refusals(`{ node { ${aliases(limits.aliases)} } }`)).toEqual([]);
    expect(refusals(`{ node { ${aliases(limits.aliases + 1)} } }`)).toEqual([tooManyAliases(limits.aliases + 1)]);
  });

  it('are counted at every level', () => {
    expect(refusals(`{ ${aliases(30)} node { ${aliases(30)} } }`)).toEqual([tooManyAliases(60)]);
  });

  it('multiply with each use of a fragment', () => {
    const query = `
      query { ${aliases(10, 'node { ...Names }')} }
      fragment Names on Node { ${aliases(10)} }
    `;
    expect(refusals(query)).toEqual([tooManyAliases(110)]);
  });

  it('multiply through nested fragments without being enumerated', () => {
    const levels = 40;
    const fragments = Array.from(
      { length: levels },
      (_, level) => `fragment F${level} on Node { a: node { ...F${level + 1} } b: node { ...F${level + 1} } }`,
    );
    const [first, ...more] = refusals(`{ node { ...F0 } } ${fragments.join(' ')} fragment F${levels} on Node { name }`);
    expect(first).toBe(tooDeep(levels + 2));
    expect(more[0]).toBe(tooManyAliases(2 ** (levels + 1) - 2));
  });

  it('are counted in inline fragments', () => {
    expect(refusals(`{ node { ... on Node { ${aliases(51)} } } }`)).toEqual([tooManyAliases(51)]);
  });
});

describe('the names of a document', () => {
  const long = 'n'.repeat(limits.nameLength + 1);

  it.each([
    ['an alias', `{ ${long}: name }`],
    ['an alias of introspection', `{ __schema { types { ${long}: name } } }`],
    ['a field', `{ ${long} }`],
    ['an operation', `query ${long} { name }`],
    ['a variable', `query ($${long}: Int) { name }`],
    ['an argument', `{ name(${long}: 1) }`],
    ['a directive', `{ name @${long} }`],
    ['a fragment', `{ ...${long} }`],
    ['a fragment that no operation uses', `{ name } fragment F on Query { ${long}: name }`],
    ['a field of an input', `{ name(of: { ${long}: 1 }) }`],
  ])('may not be longer than the limit: of %s', (_what, query) => {
    expect(refusals(query)).toEqual([
      `The operation has a name of ${limits.nameLength + 1} letters; ${limits.nameLength} are allowed.`,
    ]);
    expect(codes(query.replaceAll(long, long.slice(1)))).toEqual([]);
  });

  it('are not what stands in strings and comments', () => {
    expect(refusals(`{ name(of: "${long}", as: """${long}""") # ${long}\n }`)).toEqual([]);
  });
});

describe('the size limits', () => {
  const parts = (count: number, part: (at: number) => string) => Array.from({ length: count }, (_, at) => part(at));
  const fragments = (count: number) =>
    `{ name } ${parts(count, (at) => `fragment F${at} on Query { name }`).join(' ')}`;
  const variables = (count: number) => `query (${parts(count, (at) => `$v${at}: Int`).join(' ')}) { name }`;
  const mutations = (count: number) => `mutation { ${parts(count, (at) => `m${at}: name`).join(' ')} }`;

  it.each<[string, (count: number) => string, number, string]>([
    ['fragments', fragments, limits.fragments, 'FRAGMENT_LIMIT_EXCEEDED'],
    ['variables', variables, limits.variables, 'VARIABLE_LIMIT_EXCEEDED'],
    ['mutations', mutations, limits.mutations, 'MUTATION_LIMIT_EXCEEDED'],
  ])('refuse too many %s', (_what, query, limit, code) => {
    expect(codes(query(limit))).toEqual([]);
    expect(codes(query(limit + 1))).toEqual([code]);
  });

  it('refuse a second mutation that checks or sets a password, also in fragments', () => {
    const accounts = buildSchema(`
      type Query { name: String }
      type Mutation { logIn(password: String!): String changePassword(newPassword: String!): String logOut: String }
    `);
    const codesOf = (query: string) =>
      validate(accounts, parse(query), [sizeLimits]).map(({ extensions }) => extensions.code);
    const logIn = 'logIn(password: "p")';
    expect(codesOf(`mutation { ${logIn} a: logOut b: logOut }`)).toEqual([]);
    for (const query of [
      `mutation { ${logIn} again: ${logIn} }`,
      `mutation { ${logIn} changePassword(newPassword: "p") }`,
      `mutation { ${logIn} ... { ...F } } fragment F on Mutation { again: ${logIn} }`,
    ]) {
      expect(codesOf(query)).toEqual(['PASSWORD_LIMIT_EXCEEDED']);
    }
  });

  it('ignore the depth of introspection', () => {
    const everything = { inputValueDeprecation: true, schemaDescription: true, specifiedByUrl: true, oneOf: true };
    expect(refusals(getIntrospectionQuery({ ...everything, directiveIsRepeatable: true }))).toEqual([]);
    expect(refusals(getIntrospectionQuery())).toEqual([]);
    expect(refusals(`{ ${nested(limits.depth - 1, 'name __typename')} }`)).toEqual([]);
  });

  it.each([
    ['aliases of it', `{ node { ${aliases(limits.aliases + 1, '__typename')} } }`, 'ALIAS_LIMIT_EXCEEDED'],
    ['it at the root', `{ ${'__typename '.repeat(limits.rootFields + 1)} }`, 'ROOT_FIELD_LIMIT_EXCEEDED'],
    ['it below', `{ node { ${'__typename '.repeat(limits.fields)} } }`, 'FIELD_LIMIT_EXCEEDED'],
    ['aliases below', `{ __schema { ${aliases(limits.aliases + 1, 'types { name }')} } }`, 'ALIAS_LIMIT_EXCEEDED'],
    ['fields below', `{ __schema { types { ${'name '.repeat(limits.fields)} } } }`, 'FIELD_LIMIT_EXCEEDED'],
  ])('refuse excessive introspection: %s', (_what, query, code) => {
    expect(codes(query)).toEqual([code]);
  });

  it('count fields that are only named like introspection', () => {
    const query = `{ ...__schema } fragment __schema on Query { ${nested(limits.depth)} }`;
    expect(codes(query)).toEqual(['DEPTH_LIMIT_EXCEEDED']);
  });

  it('count root fields, those in fragments included', () => {
    const fields = (count: number) => 'name '.repeat(count);
    const query = (count: number) =>
      `{ ...A ... { ...A } } fragment A on Query { node { ${fields(200)} } ${fields(count)} }`;
    expect(codes(query(24))).toEqual([]);
    expect(codes(query(25))).toEqual(['ROOT_FIELD_LIMIT_EXCEEDED']);
  });

  it.each([
    ['a field', (directives: string) => `{ name ${directives} }`],
    ['an operation', (directives: string) => `query ${directives} { name }`],
    ['a fragment', (directives: string) => `{ ... ${directives} { name } }`],
  ])('count the directives of %s', (_what, query) => {
    const directives = (count: number) => '@skip(if: false) '.repeat(count);
    expect(codes(query(directives(limits.directives)))).toEqual([]);
    expect(codes(query(directives(limits.directives + 1)))).toEqual(['DIRECTIVE_LIMIT_EXCEEDED']);
  });

  it('ignore the fields of introspection', () => {
    expect(refusals(`{ __typename ${nested(limits.depth)} }`)).toEqual([tooDeep(limits.depth + 1)]);
  });

  it.each([
    ['itself', 'fragment A on Node { node { ...A } }'],
    ['another that spreads it', 'fragment A on Node { node { ...B } } fragment B on Node { node { ...A } }'],
  ])('leave a fragment that spreads %s to the standard rule', (_what, fragments) => {
    const messages = validate(schema, parse(`{ node { ...A } } ${fragments}`), [...specifiedRules, sizeLimits]).map(
      ({ message }) => message,
    );
    expect(messages).toEqual([expect.stringMatching(/^Cannot spread fragment "A" within itself/)]);
  });

  it('leave an unknown fragment to the standard rule', () => {
    expect(refusals('{ node { ...Missing } }')).toEqual([]);
  });
});
