import { expect } from '@jest/globals';

const REVEALING: [string, RegExp][] = [
  ['a stack', /\n\s+at |\\n\s+at |node_modules|\.[jt]s:\d+/],
  [
    'SQL',
    /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b.+\b(FROM|VALUES|SET|WHERE)\b|relation \\?"|syntax error at or near/i,
  ],
  ['an address', /https?:\/\/|postgres(ql)?:\/\/|127\.0\.0\.1|localhost|\bECONN|\bENOTFOUND/],
];

/** A parsed answer. */
export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  data: any;
  errors: any[];
  /** Of the first error. */
  code: string | undefined;
}

const isProblem = (body: any) => typeof body?.type === 'string' && body.type.startsWith('urn:webmetrics:error:');

/** Returns problem details as an error of GraphQL. */
function errorOf({ detail, type, title, status, instance, ...extensions }: any) {
  expect({ type, title, status, instance }).toEqual({
    type: `urn:webmetrics:error:${extensions.code}`,
    title: expect.any(String),
    status: expect.any(Number),
    instance: expect.stringMatching(/^\//),
  });
  return { message: detail, extensions };
}

/** Parses an answer as JSON, or as problem details, and checks that each error has message, code and request id, and reveals nothing. */
export async function readAnswer(response: Response): Promise<Answered> {
  const text = await response.text();
  const { status, headers } = response;
  expect(`${status} ${headers.get('content-type')}`).toMatch(/^\d+ application\/(graphql-response\+|problem\+)?json/);
  const body = JSON.parse(text);
  const { data, errors = isProblem(body) ? [errorOf(body)] : [] } = body;
  if (status >= 400) expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) {
    expect(error).toEqual(
      expect.objectContaining({
        message: expect.any(String),
        extensions: expect.objectContaining({
          code: expect.stringMatching(/^[A-Z_]+$/),
          requestId: headers.get('x-request-id') ?? 'the request id of the header',
        }),
      }),
    );
    expectToRevealNothing(JSON.stringify(error));
  }
  return { status, headers, text, data, errors, code: errors[0]?.extensions?.code };
}

/** Fails when an answer reveals what belongs in the log only. */
export function expectToRevealNothing(text: string): void {
  for (const [what, pattern] of REVEALING) {
    if (pattern.test(text)) throw new Error(`The answer reveals ${what}: ${text}`);
  }
}
