import { decodeJwt } from 'jose';
import { auth } from '#auth/index.js';
import { openTestServices, type TestServicesOptions } from '#ops/testing/test-services.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';

const SIGN_UP = /* GraphQL */ `
  mutation ($name: String!, $email: String!, $password: String!, $companyName: String!) {
    signUp(name: $name, email: $email, password: $password, companyName: $companyName) {
      accessToken refreshToken user { id organization { id } }
    }
  }
`;

export const password = 'correct horse battery';

type Answer = any;

/** A person who signed up, with their identity. */
export interface Member {
  email: string;
  userId: string;
  organizationId: string;
  refreshToken: string;
  identity: Identity;
}

let count = 0;

/** Opens the auth subgraph on a database of its own. */
export async function openTestAuth(options?: TestServicesOptions) {
  const services = await openTestServices(options);
  const subgraph = await auth.open(services);
  const client = { address: '203.0.113.5', userAgent: 'Test browser' };
  const noCredentials: Identity = { ...anonymous('test-request'), client };

  /** `argument` is the first invalid one. */
  async function ask(query: string, variables: Record<string, unknown> = {}, identity: Identity = noCredentials) {
    const { data, errors } = await subgraph.execute({ query, variables }, identity);
    const { code, details, retryAfter } = (errors?.[0]?.extensions ?? {}) as Record<string, Answer>;
    const argument: string | undefined = details?.[0]?.argument;
    return { data: data as Answer, errors, message: errors?.[0]?.message, code, argument, retryAfter };
  }

  const identityOf = (accessToken: string, organizationId: string): Identity => {
    const { sub, sid } = decodeJwt<{ sid: string }>(accessToken);
    return { ...noCredentials, kind: 'user', userId: sub, organizationId, sessionId: sid, role: 'OWNER' };
  };

  async function signUp(overrides: Record<string, string> = {}): Promise<Member> {
    count += 1;
    const email = `ada${count}@example.com`;
    const given = { name: 'Ada', email, password, companyName: `Engines ${count}`, ...overrides };
    const { data, errors } = await ask(SIGN_UP, given);
    if (errors) throw new Error(JSON.stringify(errors));
    const { accessToken, refreshToken, user } = data.signUp;
    const identity = identityOf(accessToken, user.organization.id);
    return { email: given.email, userId: user.id, organizationId: user.organization.id, refreshToken, identity };
  }

  async function logIn({ email, organizationId }: Member, secret = password) {
    const query =
      'mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { accessToken refreshToken } }';
    const { data, code } = await ask(query, { email, password: secret });
    if (code) return { code };
    return { identity: identityOf(data.logIn.accessToken, organizationId), refreshToken: data.logIn.refreshToken };
  }

  /** Oldest first. */
  async function mailsTo(email: string): Promise<{ kind: string; subject: string; text: string; html: string }[]> {
    return services.operations.query('SELECT * FROM operations.mail WHERE recipient = $1 ORDER BY created_at', [email]);
  }

  /** Returns the token in the newest link to a page. */
  async function tokenFor(email: string, page: string): Promise<string | undefined> {
    const pattern = new RegExp(`/${page}\\?token=([\\w-]+)`);
    const tokens = (await mailsTo(email)).flatMap(({ text }) => pattern.exec(text)?.[1] ?? []);
    return tokens.at(-1);
  }

  /** Oldest first. */
  async function trailOf(organizationId: string): Promise<Record<string, Answer>[]> {
    return services.operations.query(
      'SELECT * FROM operations.audit_event WHERE organization_id = $1 ORDER BY sequence',
      [organizationId],
    );
  }

  async function isAlive({ sessionId }: Identity): Promise<boolean> {
    const query = 'query ($id: ID!) { sessionIdentity(sessionId: $id) { userId } }';
    const { data } = await ask(query, { id: sessionId }, { ...noCredentials, kind: 'service' });
    return data.sessionIdentity !== null;
  }

  return { services, subgraph, noCredentials, ask, signUp, logIn, mailsTo, tokenFor, trailOf, isAlive };
}

export type TestAuth = Awaited<ReturnType<typeof openTestAuth>>;
