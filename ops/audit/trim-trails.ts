import { partition } from 'es-toolkit/array';
import type { DataSource } from 'typeorm';
import { AUDIT_CLASS } from '#runtime/audit/audit-class.js';
import type { AuditConfig } from '#runtime/config/operations-config.js';
import { type AuditAccess, inspectTrail } from './inspect-trail.js';
import { findCheckpoints } from './known-checkpoints.js';
import { gapFields, renewGaps, storeGap } from './trail-gaps.js';
import { type TrailProblem, verifyTrail } from './verify-trail.js';
import { type DamagedTrail, storeCheckpoints } from './write-checkpoints.js';

const ROWS_AT_ONCE = 5_000;

export interface TrimOptions extends AuditConfig {
  now: () => Date;
}

/** A run of events that are too old, or too many of their class. */
interface Run {
  /** Whether no older event is kept. */
  isStart: boolean;
  first: number;
  last: number;
}

/** Returns the organizations whose trails may have such events. */
async function listCandidates(database: DataSource, { keepEvents, keepMonths, now }: TrimOptions): Promise<string[]> {
  const rows = await database.query<{ id: string }[]>(
    `SELECT organization_id AS id FROM operations.audit_chain AS chain
     WHERE sequence > $1 OR EXISTS (
       SELECT FROM operations.audit_event AS event WHERE event.organization_id = chain.organization_id
       AND occurred_at < $2::timestamptz - make_interval(months => $3))
     ORDER BY 1`,
    [keepEvents, now(), keepMonths],
  );
  return rows.map(({ id }) => id);
}

/** Returns such runs of a trail, oldest first. */
async function findRuns(
  database: DataSource,
  organizationId: string,
  { keepEvents, keepMonths, now }: TrimOptions,
): Promise<Run[]> {
  return database.query<Run[]>(
    `WITH too_old AS (
       SELECT max(sequence) AS sequence FROM operations.audit_event
       WHERE organization_id = $1 AND occurred_at < $2::timestamptz - make_interval(months => $3)),
     judged AS (
       SELECT sequence, sequence <= coalesce((SELECT sequence FROM too_old), 0)
         OR row_number() OVER (PARTITION BY ${AUDIT_CLASS} ORDER BY sequence DESC) > $4 AS goes
       FROM operations.audit_event WHERE organization_id = $1),
     runs AS (SELECT sequence, goes, count(*) FILTER (WHERE NOT goes) OVER (ORDER BY sequence) AS kept FROM judged)
     SELECT kept = 0 AS "isStart", min(sequence)::float8 AS first, max(sequence)::float8 AS last
     FROM runs WHERE goes GROUP BY kept ORDER BY kept`,
    [organizationId, now(), keepMonths, keepEvents],
  );
}

async function deleteUpTo(database: DataSource, organizationId: string, sequence: number): Promise<number> {
  for (let removed = 0; ; ) {
    const [rows] = await database.query<[unknown[], number]>(
      `DELETE FROM operations.audit_event WHERE organization_id = $1 AND sequence IN (
         SELECT sequence FROM operations.audit_event WHERE organization_id = $1 AND sequence <= $2
         ORDER BY sequence LIMIT ${ROWS_AT_ONCE}) RETURNING sequence`,
      [organizationId, sequence],
    );
    removed += rows.length;
    if (rows.length < ROWS_AT_ONCE) return removed;
  }
}

/** Removes the oldest events of a trail. Returns their number, or the problem of a damaged trail. */
async function cut(
  access: AuditAccess,
  database: DataSource,
  { organizationId, last: sequence, now }: Run & { organizationId: string; now: () => Date },
): Promise<number | TrailProblem> {
  const { signer } = access;
  const { cut: known, heads } = await findCheckpoints(access.stores, signer, organizationId);
  // A signed cut that a crash prevented is reused.
  if (!known || known.sequence < sequence) {
    const { last, problem } = await access.snapshots((snapshot) =>
      verifyTrail(snapshot, { organizationId, signer, after: known, heads, upTo: sequence }),
    );
    if (problem) return problem;
    const at = now().toISOString();
    await storeCheckpoints(access, [signer.sign({ kind: 'cut', organizationId, ...last, at })]);
  }
  const removed = await deleteUpTo(database, organizationId, sequence);
  await database.query('DELETE FROM operations.audit_gap WHERE organization_id = $1 AND last <= $2', [
    organizationId,
    sequence,
  ]);
  await database.query(
    `DELETE FROM operations.audit_checkpoint WHERE organization_id = $1 AND sequence < $2 AND signed_at < now() - interval '1 day'`,
    [organizationId, sequence],
  );
  return removed;
}

/** Removes a run of events from between others, and signs the gap in the same transaction. Returns their number. */
function removeBetween(
  { signer }: AuditAccess,
  database: DataSource,
  { organizationId, first, last }: Run & { organizationId: string },
): Promise<number> {
  return database.transaction(async (manager) => {
    const [ends] = await manager.query<{ previousHash: string; hash: string }[]>(
      `SELECT
         (SELECT previous_hash FROM operations.audit_event WHERE organization_id = $1 AND sequence = $2) AS "previousHash",
         (SELECT hash FROM operations.audit_event WHERE organization_id = $1 AND sequence = $3) AS hash`,
      [organizationId, first, last],
    );
    if (!ends) return 0;
    const gap = { organizationId, first, last, ...ends };
    // Gaps within it are part of it now.
    await manager.query('DELETE FROM operations.audit_gap WHERE organization_id = $1 AND first > $2 AND last < $3', [
      organizationId,
      first,
      last,
    ]);
    await storeGap(manager, { ...gap, ...signer.signFields(gapFields(gap)) });
    const [rows] = await manager.query<[unknown[], number]>(
      `DELETE FROM operations.audit_event WHERE organization_id = $1 AND sequence BETWEEN $2 AND $3 RETURNING sequence`,
      [organizationId, first, last],
    );
    return rows.length;
  });
}

/** Removes runs from between others once the whole trail is verified. */
async function thin(
  access: AuditAccess,
  database: DataSource,
  organizationId: string,
  runs: Run[],
): Promise<number | TrailProblem> {
  if (runs.length === 0) return 0;
  const { problem } = await inspectTrail(access, organizationId);
  if (problem) return problem;
  let removed = 0;
  for (const run of runs) removed += await removeBetween(access, database, { organizationId, ...run });
  return removed;
}

/**
 * Removes events that are too old, or too many of their class. What goes is verified and signed before, so that the rest
 * still verifies after a crash: the oldest events as a cut, others as gaps. Damaged trails are skipped. Returns the number
 * of removed events, and the damaged trails.
 */
export async function trimTrails(
  access: AuditAccess,
  database: DataSource,
  options: TrimOptions,
): Promise<{ removed: number; damaged: DamagedTrail[] }> {
  const damaged: DamagedTrail[] = [];
  let removed = 0;
  await renewGaps(database, access.signer);
  for (const organizationId of await listCandidates(database, options)) {
    const [start, between] = partition(await findRuns(database, organizationId, options), ({ isStart }) => isStart);
    for (const work of [
      ...start.map((run) => () => cut(access, database, { ...run, organizationId, now: options.now })),
      () => thin(access, database, organizationId, between),
    ]) {
      const result = await work();
      if (typeof result === 'number') removed += result;
      else {
        damaged.push({ organizationId, problem: result });
        break;
      }
    }
  }
  return { removed, damaged };
}
