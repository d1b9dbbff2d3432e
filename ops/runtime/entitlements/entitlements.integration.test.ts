import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { givePlan, openTestServices } from '#ops/testing/test-services.js';
import type { LimitReached } from '#runtime/errors.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { Services } from '#runtime/services.js';
import { beginTrial, Entitlements, publishEntitlement } from './entitlements.js';
import { keepInUse } from './keep-in-use.js';
import { requireWithinLimit } from './require-within-limit.js';

let services: Services;
/** A database with connections of its own, as each subgraph has. */
let items: pg.Pool;
let now = new Date('2026-10-01T09:30:00Z');

beforeAll(async () => {
  services = await openTestServices({ now: () => now, isSold: true });
  items = new pg.Pool({ connectionString: services.databaseUrl });
  services.lifecycle.onClose('Items', () => items.end());
  await items.query('CREATE TABLE public.item (organization_id uuid NOT NULL)');
});
afterAll(() => services.lifecycle.close());

/** Those of another process. */
const elsewhere = (isSold = true) => new Entitlements({ ...services, now: () => now, isSold });

describe('what an organization may use', () => {
  it('is reading where nothing is known of it, and everything where nothing is sold', async () => {
    const organizationId = randomUUID();
    expect(await services.entitlements.of(organizationId)).toEqual({ planId: '', access: 'READ_ONLY', kept: {} });
    expect(await services.entitlements.limit(organizationId, 'CLIENTS')).toBe(0);
    expect(await elsewhere(false).of(organizationId)).toEqual({ planId: 'agency', access: 'FULL', kept: {} });
  });

  it('changes by the clock alone, and by what is published once it is read anew', async () => {
    const organizationId = randomUUID();
    const other = elsewhere();
    await beginTrial(services.operations, { organizationId, now });
    const both = async () => [await services.entitlements.of(organizationId), await other.of(organizationId)];
    expect(await both()).toMatchObject(Array(2).fill({ planId: 'pro', access: 'FULL' }));
    now = new Date('2026-10-15T09:30:00Z');
    expect(await both()).toMatchObject(Array(2).fill({ planId: 'free', access: 'READ_ONLY' }));
    const bought = {
      organizationId,
      planId: 'starter',
      access: 'FULL',
      next: null,
      kept: { CLIENTS: ['one'] },
    } as const;
    await keepInUse(services.operations, { organizationId, limit: 'CLIENTS', ids: ['one'], now });
    await publishEntitlement(services.operations, bought, now);
    services.entitlements.forget(organizationId);
    expect(await both()).toMatchObject([
      { planId: 'starter', access: 'FULL', kept: { CLIENTS: ['one'] } },
      { planId: 'free', access: 'READ_ONLY' },
    ]);
    now = new Date('2026-10-01T09:30:00Z');
  });

  it('is read by everyone who asks, also when it is forgotten meanwhile', async () => {
    const organizationId = randomUUID();
    await beginTrial(services.operations, { organizationId, now });
    const asked = Array.from({ length: 20 }, () => services.entitlements.of(organizationId));
    // They have begun to read by then.
    await Promise.resolve();
    await Promise.resolve();
    services.entitlements.forget(organizationId);
    expect(new Set((await Promise.all(asked)).map(({ planId }) => planId))).toEqual(new Set(['pro']));
  });
});

describe('a limit', () => {
  async function add(organizationId: string, adding = 1): Promise<void> {
    const client = await items.connect();
    const query = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows;
    const count = async () => {
      // Slow, so that others count meanwhile where they may.
      const counting = 'SELECT count(*)::int AS n, pg_sleep(0.02) FROM public.item WHERE organization_id = $1';
      const [row] = await query(counting, [organizationId]);
      return row.n;
    };
    try {
      await query('BEGIN');
      const manager = { query } as SqlDatabase;
      await requireWithinLimit(manager, services, { organizationId, limit: 'CLIENTS', adding, count });
      const values = Array.from({ length: adding }, () => '($1)').join();
      await query(`INSERT INTO public.item (organization_id) VALUES ${values}`, [organizationId]);
      await query('COMMIT');
    } catch (error) {
      await query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
  const settle = async (work: Promise<void>[]) => {
    const settled = await Promise.allSettled(work);
    return settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as LimitReached] : []));
  };

  it('lets of twenty at once only as many through as there is room for', async () => {
    const [organizationId, unlimited] = [randomUUID(), randomUUID()];
    await givePlan(services, { organizationId, planId: 'starter' });
    await givePlan(services, { organizationId: unlimited, planId: 'agency' });
    await add(organizationId, 2);
    const refused = await settle(Array.from({ length: 20 }, () => add(organizationId)));
    expect(refused).toHaveLength(17);
    for (const { code, limit, message } of refused) {
      expect([code, limit]).toEqual(['LIMIT_REACHED', { name: 'CLIENTS', used: 5, allowed: 5, planId: 'pro' }]);
      expect(message).toBe('Starter allows 5 (CLIENTS), and 5 are used: the plan Pro allows it.');
    }
    expect(await settle(Array.from({ length: 20 }, () => add(unlimited)))).toEqual([]);
  });

  it('refuses several at once that fit only in part, what a smaller plan no longer allows, and anything without a plan', async () => {
    const organizationId = randomUUID();
    await givePlan(services, { organizationId, planId: 'starter' });
    await add(organizationId, 4);
    expect((await settle([add(organizationId, 2)]))[0]?.limit).toMatchObject({ used: 4, allowed: 5, planId: 'pro' });
    await givePlan(services, { organizationId, planId: 'free' });
    expect((await settle([add(organizationId)]))[0]?.limit).toMatchObject({ used: 4, allowed: 1, planId: 'starter' });
    await givePlan(services, { organizationId, planId: 'gone' });
    expect((await settle([add(organizationId)]))[0]?.limit).toMatchObject({ used: 4, allowed: 0, planId: 'starter' });
    expect((await settle([add(randomUUID())]))[0]?.limit).toMatchObject({ used: 0, allowed: 0, planId: 'free' });
  });
});
