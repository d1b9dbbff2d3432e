import { decodeJwt } from 'jose';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { anonymous, type Identity, type Role } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';

export const PASSWORD = 'correct horse battery';

/** A signed-in person. */
export interface TestPerson {
  email: string;
  userId: string;
  organizationId: string;
  sessionId: string;
  identity: Identity;
}

/** A GraphQL response with the code of the first error. */
type Answer = any;

const client = { address: '203.0.113.7', userAgent: 'a browser' };
const SIGN_UP = `mutation ($name: String!, $email: String!, $company: String!) {
  signUp(name: $name, email: $email, password: "${PASSWORD}", companyName: $company) {
    accessToken user { id role organization { id } } } }`;

/** Returns helpers that act as people of the subgraph `auth`. */
export function openPeople(services: Services, subgraph: RunningSubgraph) {
  let count = 0;
  const noCredentials: Identity = { ...anonymous('test-request'), client };

  async function ask(
    query: string,
    variables: Record<string, unknown> = {},
    as: Identity = noCredentials,
  ): Promise<Answer> {
    const { data, errors } = await subgraph.execute({ query, variables }, as);
    return { data, errors, code: errors?.[0]?.extensions?.code };
  }

  /** Returns the person of an AuthPayload with `accessToken` and `user { id role organization { id } }`. */
  function personOf(payload: Answer, email: string): TestPerson {
    const { sub: userId = '', sid: sessionId = '' } = decodeJwt<{ sid: string }>(payload.accessToken);
    const { role, organization } = payload.user;
    const organizationId = organization.id;
    const who = { userId, organizationId, sessionId };
    return { ...who, email, identity: { ...noCredentials, kind: 'user', ...who, role } };
  }

  async function signUp(name = 'Ada'): Promise<TestPerson> {
    count += 1;
    const email = `${name.toLowerCase()}${count}@example.com`;
    const { data } = await ask(SIGN_UP, { name, email, company: `Company of ${name}` });
    await rows('UPDATE auth.person SET email_verified_at = now() WHERE email = $1', [email]);
    return personOf(data.signUp, email);
  }

  const rows = (statement: string, values: unknown[] = []): Promise<Answer[]> =>
    services.operations.query(statement, values);

  /** Returns the token of the newest invitation. */
  async function invitationToken(email: string): Promise<string> {
    const [mail] = await rows(
      `SELECT text FROM operations.mail WHERE recipient = $1 AND kind = 'invitation' ORDER BY created_at DESC LIMIT 1`,
      [email],
    );
    return /token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? 'none was mailed';
  }

  const invite = (as: Identity, email: string, role: Role = 'ANALYST') =>
    ask(
      'mutation ($email: String!, $role: Role!) { inviteMember(email: $email, role: $role) { invitation { id email role invitedBy { name } expiresAt } } }',
      { email, role },
      as,
    );

  const accept = (token: string, given: Record<string, unknown> = {}, as?: Identity) =>
    ask(
      'mutation ($token: String!, $name: String, $password: String) { acceptInvitation(token: $token, name: $name, password: $password) { organizationId organizationName email } }',
      { token, ...given },
      as,
    );

  const switchTo = async (as: Identity, organizationId: string) =>
    ask(
      'mutation ($id: ID!) { switchOrganization(organizationId: $id) { accessToken user { id role organization { id } } } }',
      { id: organizationId },
      as,
    );

  /** Signs up a person, makes them a member of another's organization, and signs them in there. */
  async function member(owner: TestPerson, role: Role, name: string = role): Promise<TestPerson> {
    const person = await signUp(name);
    const invited = await invite(owner.identity, person.email, role);
    if (invited.errors) throw new Error(JSON.stringify(invited.errors));
    const accepted = await accept(await invitationToken(person.email), {}, person.identity);
    if (accepted.errors) throw new Error(JSON.stringify(accepted.errors));
    const { data } = await switchTo(person.identity, owner.organizationId);
    return personOf(data.switchOrganization, person.email);
  }

  /** Returns the session's current identity. */
  const sessionIdentity = async (sessionId: string) =>
    (
      await ask(
        'query ($id: ID!) { sessionIdentity(sessionId: $id) { userId organizationId role rights clientIds } }',
        { id: sessionId },
        { ...noCredentials, kind: 'service' },
      )
    ).data.sessionIdentity;

  /** Returns audit events, the oldest first. */
  const trail = (organizationId: string, action: string) =>
    rows('SELECT * FROM operations.audit_event WHERE organization_id = $1 AND action = $2 ORDER BY sequence', [
      organizationId,
      action,
    ]);

  return {
    ask,
    signUp,
    member,
    invite,
    accept,
    switchTo,
    invitationToken,
    sessionIdentity,
    trail,
    rows,
    personOf,
    noCredentials,
  };
}
