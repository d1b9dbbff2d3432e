import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { CheckpointSigner } from './checkpoint.js';

/** Events that were verified and removed from between others. */
export interface Gap {
  organizationId: string;
  first: number;
  last: number;
  /** Of the event before it. */
  previousHash: string;
  /** Of its last event. */
  hash: string;
}

export interface SignedGap extends Gap {
  kid: string;
  mac: string;
}

/** The signed part of a gap. */
export const gapFields = ({ organizationId, first, last, previousHash, hash }: Gap) =>
  ['gap', organizationId, first, last, previousHash, hash] as const;

const COLUMNS = `organization_id AS "organizationId", first::float8 AS first, last::float8 AS last,
  previous_hash AS "previousHash", hash, kid, mac`;

/** Whether the table of gaps exists: databases of older versions have none. */
async function hasGaps(database: SqlDatabase): Promise<boolean> {
  const [row] = await database.query<{ isThere: boolean }[]>(
    `SELECT to_regclass('operations.audit_gap') IS NOT NULL AS "isThere"`,
  );
  return row?.isThere ?? false;
}

/** Returns the gaps of a trail with a valid signature, in order. */
export async function readGaps(
  database: SqlDatabase,
  signer: CheckpointSigner,
  organizationId: string,
): Promise<SignedGap[]> {
  if (!(await hasGaps(database))) return [];
  const gaps = await database.query<SignedGap[]>(
    `SELECT ${COLUMNS} FROM operations.audit_gap WHERE organization_id = $1 ORDER BY first`,
    [organizationId],
  );
  return gaps.filter((gap) => signer.judgeFields(gapFields(gap), gap) === 'good');
}

/** Stores a signed gap. */
export async function storeGap(database: SqlDatabase, { kid, mac, ...gap }: SignedGap): Promise<void> {
  await database.query(
    `INSERT INTO operations.audit_gap (organization_id, first, last, previous_hash, hash, kid, mac)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organization_id, first) DO UPDATE
     SET last = excluded.last, previous_hash = excluded.previous_hash, hash = excluded.hash, kid = excluded.kid, mac = excluded.mac`,
    [gap.organizationId, gap.first, gap.last, gap.previousHash, gap.hash, kid, mac],
  );
}

/** Signs valid gaps of previous keys, which will be removed one day, with the current one. */
export async function renewGaps(database: SqlDatabase, signer: CheckpointSigner): Promise<void> {
  const old = await database.query<SignedGap[]>(`SELECT ${COLUMNS} FROM operations.audit_gap WHERE kid <> $1`, [
    signer.kid,
  ]);
  for (const gap of old) {
    if (signer.judgeFields(gapFields(gap), gap) !== 'good') continue;
    await storeGap(database, { ...gap, ...signer.signFields(gapFields(gap)) });
  }
}
