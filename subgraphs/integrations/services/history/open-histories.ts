import type { EntityManager } from 'typeorm';
import { addDays, dayIn, lastOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import { firstIncludedDay } from '#runtime/entitlements/history-days.js';
import type { Services } from '#runtime/services.js';
import { copiedKinds } from './kinds/index.js';

interface UncopiedAccount {
  id: string;
  organizationId: string;
  currency: string | null;
  timeZone: string;
}

// Or whose currency or time zone has changed.
const UNCOPIED = `
  SELECT account.id, account.organization_id AS "organizationId", account.currency, account.time_zone AS "timeZone"
  FROM integrations.account
  JOIN integrations.connection ON connection.organization_id = account.organization_id
    AND connection.id = account.connection_id AND connection.status = 'ACTIVE'
  LEFT JOIN integrations.account_history AS history ON history.organization_id = account.organization_id
    AND history.account_id = account.id
  WHERE account.provider_id = ANY($1) AND ($2::uuid IS NULL OR account.organization_id = $2)
    AND account.is_active AND account.access IS NOT NULL AND (account.currency IS NOT NULL OR NOT account.provider_id = ANY($3))
    AND (history.currency, history.time_zone) IS DISTINCT FROM (account.currency, account.time_zone)`;

async function openHistory(manager: EntityManager, account: UncopiedAccount, services: Services): Promise<void> {
  const { config, now } = services;
  const { id, organizationId, currency, timeZone } = account;
  const first = addDays(dayIn(timeZone, now()), -config.historyDays);
  const wantedFrom = lastOf(first, (await firstIncludedDay(services, organizationId)) ?? first);
  await manager.query(
    `DELETE FROM integrations.account_history
     WHERE account_id = $1 AND organization_id = $2 AND (currency, time_zone) IS DISTINCT FROM ($3, $4)`,
    [id, organizationId, currency, timeZone],
  );
  await manager.query(
    `INSERT INTO integrations.account_history (account_id, organization_id, currency, time_zone, wanted_from, due_at)
     SELECT id, organization_id, $3, $4, $5, $6 FROM integrations.account WHERE id = $1 AND organization_id = $2
     ON CONFLICT DO NOTHING`,
    [id, organizationId, currency, timeZone, wantedFrom, now()],
  );
}

/**
 * Creates missing histories of active accounts, of all organizations or one. Days copied in another currency or time
 * zone are deleted.
 */
export async function openHistories(
  { database, providers, services }: Context,
  { organizationId }: { organizationId?: string },
): Promise<void> {
  const copied = providers.all.flatMap(({ id, history }) => (history ? [{ id, ...copiedKinds[history.kind] }] : []));
  const accounts = await database.query<UncopiedAccount[]>(UNCOPIED, [
    copied.map(({ id }) => id),
    organizationId ?? null,
    copied.filter(({ needsCurrency }) => needsCurrency).map(({ id }) => id),
  ]);
  for (const account of accounts) {
    await database.transaction((manager) => openHistory(manager, account, services));
  }
}
