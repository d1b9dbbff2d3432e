import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TOTP, URI } from 'otpauth';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';

const password = 'correct horse battery';
const USER = /* GraphQL */ `
  fragment Mine on User {
    id
    role
    organization {
      id
      name
      members(first: 5) { edges { node { user { id } } } }
      auditLog(first: 1) { edges { node { actor { id } } } }
      subscription { status plan { id name } }
      connections { id }
      reports(first: 1) { edges { node { id } } }
    }
  }
`;
const ME = `{ me { ...Mine } } ${USER}`;
const signInBy = (field: string, variables: string) => `mutation (${variables}) {
  signIn: ${field} { accessToken refreshToken user { ...Mine } } } ${USER}`;
const LOG_IN = signInBy('logIn(email: $email, password: $password)', '$email: String!, $password: String!');

describe.each(transports)('the answer to a sign-in over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let anyone: Client;

  beforeAll(async () => {
    transport = await openTransport(transportName, { RATE_LIMIT_SIGNED_IN: '10000', RATE_LIMIT_ANONYMOUS: '10000' });
    anyone = new Client(transport.url);
  });
  afterAll(() => transport.close());

  async function person(name: string) {
    const signedUp = await anyone.signUp(name);
    const [row] = await databaseRows(transport, 'SELECT email FROM auth.person WHERE id = $1', [signedUp.userId]);
    return { ...signedUp, email: row.email as string };
  }

  /** Signs in, and expects what `me` says in the session that the answer has begun. */
  async function expectAsMe(signIn: string, variables: Record<string, unknown>, client = anyone) {
    const { data, errors } = await client.ask(signIn, variables);
    if (!data) throw new Error(JSON.stringify(errors));
    const mine = await anyone.as(data.signIn.accessToken).ask(ME);
    expect(data.signIn.user).toEqual(mine.data.me);
    expect(errors?.map(({ path: [, ...below] }: any) => below)).toEqual(
      mine.errors?.map(({ path: [, ...below] }: any) => ['user', ...below]),
    );
    return { user: data.signIn.user, client: anyone.as(data.signIn.accessToken) };
  }

  it('is what `me` says in its session, for each way to sign in', async () => {
    const signUp = signInBy(
      'signUp(name: "Ada", email: $email, password: $password, companyName: "Ada Ltd")',
      '$email: String!, $password: String!',
    );
    const email = `ada-${crypto.randomUUID()}@example.com`;
    const trial = { status: 'TRIALING', plan: { id: 'pro' } };
    const signedUp = await expectAsMe(signUp, { email, password });
    expect(signedUp.user.organization.subscription).toMatchObject(trial);
    const { user, client } = await expectAsMe(LOG_IN, { email, password });
    expect(user.organization.subscription).toMatchObject(trial);
    expect(user.organization.auditLog.edges).toHaveLength(1);

    const { data } = await anyone.ask(
      'mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { refreshToken } }',
      { email, password },
    );
    await expectAsMe(signInBy('refreshSession(refreshToken: $token)', '$token: String!'), {
      token: data.logIn.refreshToken,
    });

    const second = await expectAsMe(
      signInBy('createOrganization(name: $name)', '$name: String!'),
      { name: 'B' },
      client,
    );
    expect(second.user.organization).toMatchObject({ name: 'B', subscription: { plan: { id: 'free' } } });
    const back = await expectAsMe(
      signInBy('switchOrganization(organizationId: $id)', '$id: ID!'),
      { id: user.organization.id },
      second.client,
    );
    expect(back.user.organization).toEqual({ ...user.organization, auditLog: back.user.organization.auditLog });
  });

  it('is that of its session after a second step', async () => {
    const { client, email } = await person('Grace');
    const start = `mutation { startTwoFactor(password: "${password}") { uri } }`;
    const totp = URI.parse((await client.ask(start)).data.startTwoFactor.uri) as TOTP;
    const confirm = 'mutation ($code: String!) { confirmTwoFactor(code: $code) { recoveryCodes } }';
    const { recoveryCodes } = (await client.ask(confirm, { code: totp.generate() })).data.confirmTwoFactor;
    const { errors } = await anyone.ask(LOG_IN, { email, password });
    const { challenge } = errors[0].extensions;
    const { user } = await expectAsMe(
      signInBy('completeLogIn(challenge: $challenge, code: $code)', '$challenge: String!, $code: String!'),
      { challenge, code: recoveryCodes[0] },
    );
    expect(user.organization.subscription.status).toBe('TRIALING');
  });

  it('is repeated as that of its session for an idempotency key', async () => {
    const { client } = await person('Ida');
    const create = signInBy('createOrganization(name: "Again", idempotencyKey: $key)', '$key: String!');
    const first = await expectAsMe(create, { key: 'one' }, client);
    const again = await expectAsMe(create, { key: 'one' }, client);
    expect(again.user.organization).toMatchObject({ id: first.user.organization.id, subscription: { status: 'FREE' } });
  });

  it('is that of the person who signs in, not of the caller', async () => {
    const [caller, other] = [await person('Eve'), await person('Bob')];
    const { user } = await expectAsMe(LOG_IN, { email: other.email, password }, caller.client);
    expect(user.organization).toMatchObject({ id: other.organizationId, subscription: { status: 'TRIALING' } });
  });

  it("is no one else's when many sign in at once", async () => {
    const people = await Promise.all(['Kim', 'Lea', 'Mia', 'Noa'].map((name) => person(name)));
    const answers = await Promise.all(
      [...people, ...people].map(async ({ email, organizationId }) => {
        const { data } = await anyone.ask(LOG_IN, { email, password });
        return [organizationId, data.signIn.user.organization];
      }),
    );
    for (const [id, organization] of answers)
      expect(organization).toMatchObject({ id, subscription: { status: 'TRIALING' }, reports: { edges: [] } });
  });

  it('has of two sessions what the caller may read, and an error for the rest', async () => {
    const people = [await person('Uma'), await person('Vic')] as const;
    const both = `mutation ($one: String!, $two: String!) {
      one: refreshSession(refreshToken: $one) { user { organization { id subscription { status } } } }
      two: refreshSession(refreshToken: $two) { user { organization { id subscription { status } } } } }`;
    const refreshTokens = async () => {
      const tokens = people.map(async ({ email }) => (await anyone.ask(LOG_IN, { email, password })).data.signIn);
      const [one, two] = await Promise.all(tokens);
      return { one: one.refreshToken, two: two.refreshToken };
    };
    const [one, two] = people.map(({ organizationId: id }) => ({ user: { organization: { id, subscription: null } } }));
    const { data, errors } = await anyone.ask(both, await refreshTokens());
    expect(data).toEqual({ one, two });
    const codes = errors.map(({ extensions: { code } }: any) => code);
    expect(codes).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect((await people[0].client.ask(both, await refreshTokens())).data.two).toEqual(two);
  });

  it('opens no more than the next request would: not before a second factor is set up', async () => {
    const owner = await person('Zoe');
    await databaseRows(transport, 'UPDATE auth.organization SET requires_two_factor = true WHERE id = $1', [
      owner.organizationId,
    ]);
    const { data, errors } = await anyone.ask(LOG_IN, { email: owner.email, password });
    const { organization } = data?.signIn.user ?? {};
    expect([organization, errors[0].extensions.code]).toEqual([null, 'TWO_FACTOR_SETUP_REQUIRED']);
  });
});
