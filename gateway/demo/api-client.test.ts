import { describe, expect, it } from '@jest/globals';
import { type HttpClient, RequestFailed } from '#runtime/http/http-client.js';
import { ApiClient } from './api-client.js';

const ACCOUNT = { email: 'ada@example.com', password: 'correct horse', name: 'Ada', company: 'Ada Ltd' };
const failed = (code: string, more: object = {}) => ({ errors: [{ message: code, extensions: { code, ...more } }] });
const signedIn = { data: { signedIn: { accessToken: 'token' } } };

/** A client whose requests get these answers, and which operations it sent. */
function clientOf(...answers: (object | string | Error)[]) {
  const sent: string[] = [];
  const send = async ({ body }: { body: string }) => {
    sent.push(/signUp\(|logIn\(/.exec(JSON.parse(body).query)?.[0].slice(0, -1) ?? '');
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return { status: 200, headers: {}, body: typeof answer === 'string' ? answer : JSON.stringify(answer) };
  };
  return { client: new ApiClient({ send } as unknown as HttpClient, 'http://localhost'), sent };
}

describe('an API client that signs in', () => {
  it('logs in where the account exists', async () => {
    const { client, sent } = clientOf(failed('CONFLICT'), signedIn);
    await client.signIn(ACCOUNT);
    expect(sent).toEqual(['signUp', 'logIn']);
  });

  it.each<[string, object | string | Error, object]>([
    ['a timeout', new RequestFailed('timeout', 'http://localhost'), { reason: 'timeout' }],
    ['a limit', failed('RATE_LIMITED', { retryAfter: 7 }), { code: 'RATE_LIMITED', retryAfter: 7 }],
    ['a subgraph that is away', failed('SUBGRAPH_UNAVAILABLE'), { code: 'SUBGRAPH_UNAVAILABLE' }],
    ['an answer that is not JSON', '<html>', { code: 'SERVICE_UNAVAILABLE', cause: expect.any(SyntaxError) }],
    ['a bug', failed('INTERNAL_SERVER_ERROR'), { code: 'INTERNAL_SERVER_ERROR' }],
  ])('reports %s as it is and does not log in', async (_what, answer, failure) => {
    const { client, sent } = clientOf(answer);
    await expect(client.signIn(ACCOUNT)).rejects.toMatchObject(failure);
    expect(sent).toEqual(['signUp']);
  });
});
