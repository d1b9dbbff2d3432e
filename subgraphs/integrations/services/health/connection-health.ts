import { randomUUID } from 'node:crypto';
import type { Context } from '#integrations/context.js';

const KEPT_MS = 5 * 60 * 1000;

export interface ConnectionHealth {
  total: number;
  active: number;
  failing: number;
  reconnectRequired: number;
  accounts: number;
  failingAccounts: number;
  countedAt: Date;
}

type Counts = Omit<ConnectionHealth, 'countedAt'>;
type Cached = Counts & { countedAt: string };

// A change replaces the generation in the key, so that counts taken during it are not found.
const generationKey = (organizationId: string) => `${organizationId} generation`;

async function currentGeneration({ health }: Context, organizationId: string): Promise<string> {
  const known = await health.get<string>(generationKey(organizationId));
  if (known) return known;
  const generation = randomUUID();
  await health.set(generationKey(organizationId), generation, 2 * KEPT_MS);
  return generation;
}

/** Invalidates the counts of an organization; call it after the commit. */
export async function forgetHealth({ health }: Context, organizationId: string): Promise<void> {
  await health.set(generationKey(organizationId), randomUUID(), 2 * KEPT_MS);
}

// The rules of diagnose.ts, in SQL.
const COUNT = `
  SELECT count(*)::int AS total,
    count(*) FILTER (WHERE status = 'ACTIVE' AND NOT is_failing)::int AS active,
    count(*) FILTER (WHERE status = 'ACTIVE' AND is_failing)::int AS failing,
    count(*) FILTER (WHERE status = 'RECONNECT_REQUIRED')::int AS "reconnectRequired",
    coalesce(sum(accounts), 0)::int AS accounts,
    coalesce(sum(failing_accounts), 0)::int AS "failingAccounts"
  FROM (
    SELECT connection.status, count(account.id) AS accounts,
      count(account.id) FILTER (WHERE account.fault IS NOT NULL OR NOT account.is_active) AS failing_accounts,
      connection.fault IS NOT NULL
        OR coalesce(bool_and(account.fault IS NOT NULL OR NOT account.is_active), false) AS is_failing
    FROM integrations.connection
    LEFT JOIN integrations.account ON account.organization_id = connection.organization_id
      AND account.connection_id = connection.id AND account.access IS NOT NULL
    WHERE connection.organization_id = $1 AND connection.status <> 'DISCONNECTED'
    GROUP BY connection.organization_id, connection.id
  ) AS each_one`;

/** Returns the connection counts of an organization, at most five minutes old. */
export async function readConnectionHealth(context: Context, organizationId: string): Promise<ConnectionHealth> {
  const { database, health, services } = context;
  const key = `${organizationId} ${await currentGeneration(context, organizationId)}`;
  const cached = await health.get<Cached>(key);
  const now = services.now();
  if (cached && now.getTime() - Date.parse(cached.countedAt) < KEPT_MS) {
    return { ...cached, countedAt: new Date(cached.countedAt) };
  }
  const [counts] = await database.query<[Counts]>(COUNT, [organizationId]);
  await health.set(key, { ...counts, countedAt: now.toISOString() } satisfies Cached, KEPT_MS);
  return { ...counts, countedAt: now };
}
