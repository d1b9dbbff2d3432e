import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { decodeJwt } from 'jose';
import { eventually } from '#ops/testing/eventually.js';
import { hasRedisServer, type OwnRedis, startOwnRedis } from '#ops/testing/start-redis.js';
import { hashApiKey, newApiKey } from '#runtime/identity/api-key.js';
import { Client } from './client.js';
import { everyTransport, type OpenTransport, openTransport, type Transport } from './open-transport.js';

const ORGANIZATION = '{ organization { id name } }';
const SIGN_IN_LIMIT = 2;
const MINUTE_MS = 60_000;

(hasRedisServer ? describe : describe.skip).each<[Transport]>(everyTransport.map((transport) => [transport]))(
  'an attacker with full access to Redis (%s, needs redis-server)',
  (way) => {
    let redis: OwnRedis;
    let intruder: ReturnType<typeof createClient>;
    let transport: OpenTransport;
    let anyone: Client;
    const sessionOf = ({ headers }: Client) => String(decodeJwt(headers.authorization?.slice(7) ?? '').sid);
    /** The key of a session, which is cached for seconds, with its value. */
    const cachedOf = async (client: Client) => {
      let found: { key: string; value: string } | undefined;
      await eventually('the session is in Redis', async () => {
        await client.ask(ORGANIZATION);
        const [key] = await intruder.keys(`*:session-identity:${sessionOf(client)}`);
        const value = key === undefined ? null : await intruder.get(key);
        if (key !== undefined && value !== null) found = { key, value };
        return found !== undefined;
      });
      return found as { key: string; value: string };
    };
    const envelope = (value: object) => JSON.stringify({ value, expires: Date.now() + MINUTE_MS });

    beforeAll(async () => {
      redis = await startOwnRedis();
      intruder = createClient({ url: redis.url });
      await intruder.connect();
      transport = await openTransport(way, { REDIS_URL: redis.url, RATE_LIMIT_SIGN_IN: String(SIGN_IN_LIMIT) });
      anyone = new Client(transport.url);
    });
    afterAll(async () => {
      await transport.close();
      intruder.destroy();
      await redis.close();
    });

    it('gives no identity: invented and copied sessions and keys are not believed', async () => {
      const [ours, theirs] = [await anyone.signUp('Ours'), await anyone.signUp('Theirs')];
      const { value: copied } = await cachedOf(theirs.client);
      const { key } = await cachedOf(ours.client);
      const identity = { userId: ours.userId, organizationId: theirs.organizationId, role: 'OWNER' };
      const invented = envelope({ ...identity, mustSetUpTwoFactor: false });
      for (const forged of [invented, copied]) {
        await intruder.set(key, forged);
        expect((await ours.client.ask(ORGANIZATION)).data.organization.id).toBe(ours.organizationId);
      }
      const secret = newApiKey('live');
      const [epoch] = key.split(':');
      const validUntil = new Date(Date.now() + MINUTE_MS).toISOString();
      const apiKey = { apiKeyId: 'x', organizationId: theirs.organizationId, role: 'ADMIN', scopes: [], validUntil };
      await intruder.set(`${epoch}:api-key-identity:${hashApiKey(secret)}`, envelope(apiKey));
      expect(await anyone.as(secret).ask(ORGANIZATION)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    });

    it('reads nothing: no value is unencrypted', async () => {
      await intruder.flushAll();
      const { client, organizationId } = await anyone.signUp('Private');
      const question = '{ organization { id name connections { status } } providers { id } plans { id name } }';
      for (let time = 0; time < 2; time += 1) await client.ask(question);
      await cachedOf(client);
      const values: string[] = [];
      for (const key of await intruder.keys('*')) {
        if ((await intruder.type(key)) === 'string') values.push((await intruder.get(key)) ?? '');
      }
      expect(values.length).toBeGreaterThanOrEqual(2);
      expect(values.filter((value) => value.includes(organizationId) || /[{}"]/.test(value))).toEqual([]);
    });

    it('resets no count of attempts to sign in, and neither does a Redis that evicts everything', async () => {
      const email = `guessed-${crypto.randomUUID()}@example.com`;
      const guess = async () =>
        (
          await anyone.ask(
            'mutation ($email: String!) { logIn(email: $email, password: "wrong horse") { accessToken } }',
            {
              email,
            },
          )
        ).code;
      const codes: unknown[] = [];
      for (let time = 0; time <= SIGN_IN_LIMIT; time += 1) {
        codes.push(await guess());
        await intruder.flushAll();
      }
      expect(codes).toEqual([...Array(SIGN_IN_LIMIT).fill('UNAUTHENTICATED'), 'RATE_LIMITED']);
      await intruder.configSet({ maxmemory: '2mb', 'maxmemory-policy': 'allkeys-lru' });
      for (let index = 0; index < 100; index += 1) await intruder.set(`junk ${index}`, 'x'.repeat(64 * 1024));
      expect(await guess()).toBe('RATE_LIMITED');
      await intruder.configSet({ maxmemory: '0' });
    });
  },
);
