import { randomUUID } from 'node:crypto';
import type { Equipment } from '#integrations/equipment.js';

const KEPT_MS = 5 * 60 * 1000;

/** How the connections of an organization are doing. */
export interface ConnectionHealth {
  total: number;
  active: number;
  failing: number;
  reconnectRequired: number;
  accounts: number;
  countedAt: Date;
}

type Counts = Omit<ConnectionHealth, 'countedAt'>;
type Kept = Counts & { countedAt: string };

type Memory = Pick<Equipment, 'health'>;

// What is counted is remembered under a name that every change replaces, so that a count that was on its way while
// something changed is never found.
const nameKey = (organizationId: string) => `${organizationId} name`;

async function currentName({ health }: Memory, organizationId: string): Promise<string> {
  const known = await health.get<string>(nameKey(organizationId));
  if (known) return known;
  const name = randomUUID();
  await health.set(nameKey(organizationId), name, 2 * KEPT_MS);
  return name;
}

/** Forgets how the connections of one organization are doing: call it after the commit of what changed them. */
export async function forgetHealth({ health }: Memory, organizationId: string): Promise<void> {
  await health.set(nameKey(organizationId), randomUUID(), 2 * KEPT_MS);
}

// The same rules as in diagnose.ts.
const COUNT = `
  SELECT count(*)::int AS total,
    count(*) FILTER (WHERE status = 'ACTIVE' AND NOT is_failing)::int AS active,
    count(*) FILTER (WHERE status = 'ACTIVE' AND is_failing)::int AS failing,
    count(*) FILTER (WHERE status = 'RECONNECT_REQUIRED')::int AS "reconnectRequired",
    coalesce(sum(accounts), 0)::int AS accounts
  FROM (
    SELECT connection.status, count(account.id) AS accounts,
      connection.fault IS NOT NULL
        OR coalesce(bool_and(account.fault IS NOT NULL OR NOT account.is_active), false) AS is_failing
    FROM integrations.connection
    LEFT JOIN integrations.account ON account.connection_id = connection.id
      AND account.organization_id = connection.organization_id AND account.access IS NOT NULL
    WHERE connection.organization_id = $1 AND connection.status <> 'DISCONNECTED'
    GROUP BY connection.id
  ) AS each_one`;

/** Returns how the connections of an organization are doing, counted within the last five minutes or since the last change. */
export async function readConnectionHealth(equipment: Equipment, organizationId: string): Promise<ConnectionHealth> {
  const { database, health, services } = equipment;
  const key = `${organizationId} ${await currentName(equipment, organizationId)}`;
  const kept = await health.get<Kept>(key);
  const now = services.now();
  if (kept && now.getTime() - Date.parse(kept.countedAt) < KEPT_MS) {
    return { ...kept, countedAt: new Date(kept.countedAt) };
  }
  const [counts] = await database.query<[Counts]>(COUNT, [organizationId]);
  await health.set(key, { ...counts, countedAt: now.toISOString() } satisfies Kept, KEPT_MS);
  return { ...counts, countedAt: now };
}
