import { afterEach, describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';

const CLIENTS = 'query ($first: Int!) { organization { clients(first: $first) { edges { node { id name } } } } }';

describe('the cost of an operation', () => {
  let transport: OpenTransport;
  afterEach(() => transport.close());

  it('is reported in each answer, charged by the result, and refused beyond the budget', async () => {
    transport = await openTransport('in-process', { COST_LIMIT: '1000' });
    const { client } = await new Client(transport.url).signUp('Ada');
    // Known documents cost nothing besides.
    await client.post(CLIENTS, { first: 1 });
    await client.post('{ me { id } }');
    const { remaining } = (await client.post('{ me { id } }')).body.extensions.cost;
    const first = await client.post(CLIENTS, { first: 100 });
    // The organization, its page, a hundred edges with their clients, and 20 KiB; there are none yet.
    expect(first.body.extensions.cost).toEqual({ estimated: 222, actual: 2, limit: 1000, remaining: remaining - 2 });
    const second = await client.post('{ me { id } }');
    expect(second.body.extensions.cost).toEqual({ estimated: 1, actual: 1, limit: 1000, remaining: remaining - 3 });
    const refused = await client.post(CLIENTS, { first: 1000 });
    const { retryAfter } = refused.body.errors[0].extensions;
    expect(refused.response.status).toBe(429);
    expect(refused.response.headers.get('retry-after')).toBe(String(retryAfter));
    expect(refused.body).toMatchObject({
      errors: [{ message: expect.stringContaining('may cost 2'), extensions: { code: 'RATE_LIMITED' } }],
    });
    // What was refused is not counted.
    const last = await client.post('{ me { id } }');
    expect(last.body.extensions.cost.remaining).toBe(remaining - 4);
  });

  it('is limited for one operation, for every client', async () => {
    transport = await openTransport('in-process');
    const { client } = await new Client(transport.url).signUp('Ada');
    const lists =
      'organization { connections { accounts { connection { accounts { connection { accounts { connection { accounts { connection { accounts { id } } } } } } } } } } }';
    const { response, body } = await client.post(`{ ${lists} }`);
    expect({ status: response.status, code: body.errors[0].extensions.code }).toEqual({
      status: 400,
      code: 'COST_LIMIT_EXCEEDED',
    });
    expect((await client.post('{ me { id } }')).body.extensions.cost.limit).toBe(200_000);
  });

  itInDrills('and the number of requests are limited by the plan', async () => {
    transport = await openTransport('http');
    Object.assign(transport.base.config.traffic, { signedInLimit: undefined, costLimit: undefined });
    const { client } = await new Client(transport.url).signUp('Ada');
    const { response, body } = await client.post('{ me { id } plans { id limits { name limit } } }');
    const trial = body.data.plans.find(({ id }: { id: string }) => id === 'pro');
    const limitOf = (limit: string) => trial.limits.find(({ name }: { name: string }) => name === limit).limit;
    expect(response.headers.get('ratelimit-limit')).toBe(String(limitOf('REQUESTS_PER_MINUTE')));
    expect(body.extensions.cost.limit).toBe(limitOf('COST_PER_MINUTE'));
  });
});
