import { type Answered, readAnswer } from './answers.js';
import { Client } from './client.js';
import type { OpenTransport } from './open-transport.js';

export const json = { 'content-type': 'application/json' };

/** Sends an operation with an `Authorization` header and checks each error of the answer. */
export async function ask(
  transport: OpenTransport,
  authorization: string | undefined,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answered> {
  const response = await fetch(`${transport.url}/graphql`, {
    method: 'POST',
    headers: { ...json, ...(authorization !== undefined && { authorization }) },
    body: JSON.stringify({ query, variables }),
  });
  return readAnswer(response);
}

/** Signs a new user up and returns their client, organization and access token. */
export async function newcomer(transport: OpenTransport, name = 'Ada') {
  const { client, organizationId, refreshToken } = await new Client(transport.url).signUp(name);
  const { data } = await client.ask(
    'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken } }',
    {
      token: refreshToken,
    },
  );
  const accessToken: string = data.refreshSession.accessToken;
  return { client, organizationId, accessToken, bearer: `Bearer ${accessToken}` };
}
