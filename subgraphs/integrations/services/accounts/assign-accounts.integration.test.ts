import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { openIntegrationsDatabase } from '#integrations/database.js';
import { AccountEntity } from '#integrations/entities/account.js';
import { AccountAccessEntity } from '#integrations/entities/account-access.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { openTestServices } from '#ops/testing/test-services.js';
import type { Services } from '#runtime/services.js';
import { assignAccounts } from './assign-accounts.js';

let services: Services;
let database: DataSource;

beforeAll(async () => {
  services = await openTestServices();
  database = await openIntegrationsDatabase(services);
});
afterAll(() => services.lifecycle.close());

const organizationId = randomUUID();

async function addConnection(externalUserId: string, day: number): Promise<Connection> {
  return database.manager.save(ConnectionEntity, {
    organizationId,
    providerId: 'some-ads',
    externalUserId,
    grantedBy: externalUserId,
    status: 'ACTIVE',
    scopes: [],
    version: 1,
    createdAt: new Date(Date.UTC(2026, 0, day)),
  });
}

it('assignAccounts assigns an account of two connections to the oldest working one', async () => {
  const [older, newer] = [await addConnection('ada', 1), await addConnection('bob', 2)];
  const { id: accountId } = await database.manager.save(AccountEntity, {
    organizationId,
    connectionId: newer.id,
    providerId: 'some-ads',
    externalId: '7',
    name: 'Acme',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    isActive: true,
  });
  await database.manager.insert(AccountAccessEntity, [
    { organizationId, connectionId: older.id, accountId, access: { through: 'ada' } },
    { organizationId, connectionId: newer.id, accountId, access: { through: 'bob' } },
  ]);
  const assigned = async () => {
    await assignAccounts(database.manager, organizationId);
    const { connectionId, access } = await database.manager.findOneByOrFail(AccountEntity, { id: accountId });
    return { connectionId, access };
  };

  expect(await assigned()).toEqual({ connectionId: older.id, access: { through: 'ada' } });
  await database.manager.update(ConnectionEntity, { id: older.id }, { status: 'RECONNECT_REQUIRED' });
  expect(await assigned()).toEqual({ connectionId: newer.id, access: { through: 'bob' } });
  await database.manager.delete(AccountAccessEntity, { connectionId: newer.id });
  expect(await assigned()).toEqual({ connectionId: older.id, access: { through: 'ada' } });
  await database.manager.delete(AccountAccessEntity, { connectionId: older.id });
  expect(await assigned()).toEqual({ connectionId: older.id, access: null });
});
