import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readAnswer } from './answers.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';

const range = { start: '2026-09-01', end: '2026-09-07' };

const ORDER = /* GraphQL */ `
  mutation Order($range: DateRangeInput!) {
    generateReport(templateId: "campaign-performance", range: $range) { report { id createdBy { name } } }
  }
`;

let transport: OpenTransport;
let client: Client;

beforeAll(async () => {
  transport = await openTransport('http');
  ({ client } = await new Client(transport.url).signUp('Ada'));
});
afterAll(() => transport.close());

/** Sends an operation and checks each error of the answer. */
const send = async (headers: Record<string, string>, body: unknown) =>
  readAnswer(
    await fetch(`${transport.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...client.headers, ...headers },
      body: JSON.stringify(body),
    }),
  );

describe('an Idempotency-Key', () => {
  const order = (key: string, variables: object = { range }) =>
    send({ 'idempotency-key': key }, { query: ORDER, variables });

  it('makes a mutation that is sent again return the first answer, with what other subgraphs add', async () => {
    const first = await order('one');
    const again = await order('one');
    expect(first.errors).toEqual([]);
    expect(again.data).toEqual(first.data);
    expect(again.data.generateReport.report).toEqual({ id: expect.any(String), createdBy: { name: 'Ada' } });
    const replayed = [first, again].map(({ headers }) => headers.get('idempotent-replayed'));
    expect(replayed).toEqual([null, 'true']);
    const { data } = await client.ask('{ organization { reports(first: 10) { edges { node { id } } } } }');
    expect(data.organization.reports.edges).toHaveLength(1);
  });

  it('is refused for another request, and in another form', async () => {
    const other = { range: { ...range, end: '2026-09-06' } };
    expect((await order('one', other)).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await order('a b')).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });
});
