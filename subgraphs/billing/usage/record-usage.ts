import type { Context } from '#billing/context.js';
import { isRowId } from '#runtime/database/database.js';
import { InvalidInput } from '#runtime/errors.js';

/** What an organization used on a day (UTC). */
export interface OrganizationDay {
  organizationId: string;
  /** YYYY-MM-DD. */
  date: string;
  requests: number;
  cost: number;
}

/** What a process has counted since its batch before. */
export interface UsageBatch {
  /** The id of the process. */
  source: string;
  /** Ascends with each batch of the process. */
  sequence: number;
  days: OrganizationDay[];
}

const TAKE = `
  INSERT INTO billing.usage_source AS known (id, sequence, recorded_at) VALUES ($1, $2, $3)
  ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, recorded_at = excluded.recorded_at
    WHERE known.sequence < excluded.sequence
  RETURNING id`;

// In one order, so that processes never wait for each other. What comes late for an erased organization is left out.
const ADD = `
  INSERT INTO billing.usage_day AS known (organization_id, date, requests, cost)
  SELECT organization_id, date, sum(requests), sum(cost)
  FROM unnest($1::uuid[], $2::date[], $3::bigint[], $4::bigint[]) AS used (organization_id, date, requests, cost)
  WHERE EXISTS (SELECT FROM operations.entitlement AS e WHERE e.organization_id = used.organization_id)
  GROUP BY organization_id, date ORDER BY organization_id, date
  ON CONFLICT (organization_id, date)
    DO UPDATE SET requests = known.requests + excluded.requests, cost = known.cost + excluded.cost`;

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

/** Adds a batch, once however often it is sent. Throws InvalidInput, and then adds nothing of it. */
export async function recordUsage(
  { database, services }: Pick<Context, 'database' | 'services'>,
  { source, sequence, days }: UsageBatch,
): Promise<true> {
  if (!isRowId(source)) throw new InvalidInput([{ argument: 'source', problem: 'must be a UUID' }]);
  if (!days.every((day) => isRowId(day.organizationId) && isCount(day.requests) && isCount(day.cost))) {
    throw new InvalidInput([{ argument: 'days', problem: 'must have ids of organizations, and counts of at least 0' }]);
  }
  await database.transaction(async (manager) => {
    const taken = await manager.query<unknown[]>(TAKE, [source, sequence, services.now()]);
    if (taken.length === 0) return;
    await manager.query(ADD, [
      days.map(({ organizationId }) => organizationId),
      days.map(({ date }) => date),
      days.map(({ requests }) => requests),
      days.map(({ cost }) => cost),
    ]);
  });
  return true;
}
