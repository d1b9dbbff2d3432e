import { describe, expect, it } from '@jest/globals';
import { mayCarryToken, presentedOperation } from './presented.js';

const TOKEN = 't'.repeat(55);
const present = (query: unknown, rest: object = {}) =>
  presentedOperation({ method: 'POST', body: { query, ...rest }, query: {} } as never);

it.each(['signUp', 'requestPasswordReset', 'operation'])('a token beside %s is not looked at', (purpose) => {
  expect(mayCarryToken(purpose)).toBe(false);
});

describe('an operation without credentials', () => {
  it.each<[string, unknown, object?]>([
    ['logIn', 'mutation { logIn(email: "a", password: "b") { accessToken } }'],
    ['logIn', 'mutation One { logIn { a } } query Two { plans { id } }', { operationName: 'One' }],
    ['operation', 'mutation One { logIn { a } } query Two { plans { id } }', { operationName: 'Two' }],
    ['operation', 'mutation One { logIn { a } } query Two { plans { id } }'],
    ['operation', 'mutation { logIn { a } again: refreshSession { a } }'],
    ['operation', 'mutation { ...F } fragment F on Mutation { logIn { a } }'],
    ['operation', 'mutation { constructor }'],
    ['introspection', '{ __schema { types { name } } }'],
    ['introspection', '{ __typename __type(name: "A") { name } }'],
    ['operation', '{ __schema { types { name } } plans { id } }'],
    ['operation', '{ __typename }'],
    ['invitation', 'query ($t: String!) { invitation(token: $t) { role } }'],
    ['operation', '{ invitation(token: "t") { role } plans { id } }'],
    ['operation', 'not graphql'],
    ['operation', undefined],
    ['operation', ['mutation { logIn { a } }']],
  ])('is counted as %s: %s %j', (...[purpose, query, rest]) => {
    expect(present(query, rest).purpose).toBe(purpose);
    // As cached.
    expect(present(query, rest).purpose).toBe(purpose);
  });

  it('is not looked into when it is long', () => {
    expect(present(`${' '.repeat(9_000)}mutation { logIn { a } }`).purpose).toBe('operation');
  });

  it('presents the tokens in its variables and its document, a few of them', () => {
    const query = `mutation ($t: String!) { logIn(deviceToken: "a.b.c", token: $t, email: "ada@example.com") { a } }`;
    expect(present(query, { variables: { t: TOKEN, deep: { input: [TOKEN, 'short'] } } }).texts).toEqual([
      'a.b.c',
      TOKEN,
      TOKEN,
    ]);
    expect(present(query, { variables: { t: Array(1_000).fill(TOKEN) } }).texts).toHaveLength(10);
    expect(present(query, { variables: null }).texts).toEqual(['a.b.c']);
  });

  it('is read from the URL of a GET', () => {
    const request = { method: 'GET', query: { query: '{ __schema { types { name } } }' }, body: undefined };
    expect(presentedOperation(request as never).purpose).toBe('introspection');
  });
});
