import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenTransport, openTransport, type Transport, transports } from './open-transport.js';

const LIMIT = 2;
const PASSWORD = 'correct horse battery';
const LOG_IN = /* GraphQL */ `mutation ($email: String!, $password: String!, $deviceToken: String) {
  logIn(email: $email, password: $password, deviceToken: $deviceToken) { deviceToken }
}`;

describe.each<[Transport]>(transports.map((transport) => [transport]))('attempts to sign in (%s)', (way) => {
  let transport: OpenTransport;
  let count = 0;
  beforeAll(async () => {
    transport = await openTransport(way, { RATE_LIMIT_SIGN_IN: String(LIMIT), TRUSTED_PROXIES: '1' });
  });
  afterAll(() => transport.close());

  async function ask(query: string, variables: object, address: string) {
    const response = await fetch(`${transport.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as any;
    return { data, codes: errors?.map(({ extensions }: any) => extensions.code), error: errors?.[0], response };
  }
  const logIn = (email: string, password: string, address = '192.0.2.1', deviceToken?: string) =>
    ask(LOG_IN, { email, password, deviceToken }, address);
  const code = async (answer: ReturnType<typeof logIn>) => (await answer).codes?.[0] ?? 'OK';

  async function newPerson() {
    count += 1;
    const email = `person${count}-${way}@mail.example.com`;
    const { data } = await ask(
      `mutation ($email: String!, $password: String!) {
        signUp(name: "Ada", email: $email, password: $password, companyName: "Engines") { deviceToken }
      }`,
      { email, password: PASSWORD },
      '192.0.2.1',
    );
    return { email, deviceToken: data.signUp.deviceToken as string };
  }
  const guesses = async (email: string, times: number, address?: string) => {
    const codes: string[] = [];
    for (let time = 0; time < times; time += 1) codes.push(await code(logIn(email, `guess ${time}`, address)));
    return codes;
  };

  it('are refused after so many at one account from one network, also with the right password, with Retry-After', async () => {
    const { email } = await newPerson();
    expect(await guesses(email, LIMIT + 1)).toEqual([...Array(LIMIT).fill('UNAUTHENTICATED'), 'RATE_LIMITED']);
    const { codes, error, response } = await logIn(email.toUpperCase(), PASSWORD);
    expect(codes).toEqual(['RATE_LIMITED']);
    expect(error.extensions.retryAfter).toBeGreaterThan(0);
    expect(response.headers.get('retry-after')).toBe(String(error.extensions.retryAfter));
    expect(await code(logIn(email, PASSWORD, '198.51.100.7'))).toBe('OK');
  });

  it('count as one for addresses that PostgreSQL takes for equal', async () => {
    const { email } = await newPerson();
    const [first = '', ...more] = email.split('i');
    expect(more.length).toBeGreaterThan(0);
    expect(await code(logIn(`${first}İ${more.join('i')}`, PASSWORD, '192.0.2.10'))).toBe('UNAUTHENTICATED');
    expect(await code(logIn(email, PASSWORD, '192.0.2.10'))).toBe('OK');
  });

  it('are refused alike for an account that does not exist', async () => {
    const codes = await guesses('nobody@example.com', LIMIT + 1, '192.0.2.9');
    expect(codes).toEqual([...Array(LIMIT).fill('UNAUTHENTICATED'), 'RATE_LIMITED']);
  });

  it('are refused when there is more than one in an operation, and none of them is made', async () => {
    const { email } = await newPerson();
    const attempts = Array.from(
      { length: 8 },
      (_, at) => `a${at}: logIn(email: $email, password: "guess ${at}") { accessToken }`,
    );
    const flood = () => ask(`mutation ($email: String!) { ${attempts.join(' ')} }`, { email }, '192.0.2.3');
    for (let time = 0; time < LIMIT; time += 1) expect(await code(flood())).toBe('PASSWORD_LIMIT_EXCEEDED');
    expect(await code(logIn(email, PASSWORD, '192.0.2.3'))).toBe('OK');
  });

  it('that succeed do not count as failures', async () => {
    const { email } = await newPerson();
    for (let round = 0; round < 3; round += 1) {
      expect(await guesses(email, LIMIT - 1, '192.0.2.4')).toEqual(Array(LIMIT - 1).fill('UNAUTHENTICATED'));
      expect(await code(logIn(email, PASSWORD, '192.0.2.4'))).toBe('OK');
    }
  });

  it('from other networks do not lock a known device out, however many they are', async () => {
    const { email, deviceToken } = await newPerson();
    const other = await newPerson();
    await guesses(email, LIMIT + 1);
    for (let network = 0; network < 10; network += 1) await guesses(email, LIMIT, `203.0.113.${network}`);
    expect(await code(logIn(email, PASSWORD, '198.51.100.8'))).toBe('RATE_LIMITED');
    expect(await code(logIn(email, PASSWORD, '192.0.2.1', deviceToken))).toBe('OK');
    // The device of another account is unknown, and so is a forged token.
    for (const token of [other.deviceToken, `${deviceToken}x`, 'x.y.z']) {
      expect(await code(logIn(email, PASSWORD, '192.0.2.1', token))).toBe('RATE_LIMITED');
    }
  });

  it('of a known device are limited as well', async () => {
    const { email, deviceToken } = await newPerson();
    for (let time = 0; time < LIMIT; time += 1) await logIn(email, 'guess', '192.0.2.5', deviceToken);
    expect(await code(logIn(email, PASSWORD, '192.0.2.5', deviceToken))).toBe('RATE_LIMITED');
  });

  it.each([
    ['count as well when a signed-in user confirms their password', true],
    ['from other networks do not count when a signed-in user confirms their password', false],
  ])('%s', async (_what, isOwn) => {
    const { email } = await newPerson();
    const { data } = await ask(
      'mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { accessToken } }',
      { email, password: PASSWORD },
      '192.0.2.6',
    );
    const change = (currentPassword: string) =>
      fetch(`${transport.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': '192.0.2.6',
          authorization: `Bearer ${data.logIn.accessToken}`,
        },
        body: JSON.stringify({
          query:
            'mutation ($p: String!) { changePassword(currentPassword: $p, newPassword: "a wholly new one, this") }',
          variables: { p: currentPassword },
        }),
      }).then(async (response) => ((await response.json()) as any).errors?.[0].extensions.code);
    if (isOwn) for (let time = 0; time < LIMIT; time += 1) expect(await change(`guess ${time}`)).toBe('BAD_USER_INPUT');
    else await guesses(email, LIMIT + 1, '192.0.2.6');
    expect(await change(PASSWORD)).toBe(isOwn ? 'RATE_LIMITED' : undefined);
  });
});
