import { ConfigurationError } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Sealer } from './crypto.js';
import { type Resealed, resealColumn } from './reseal-column.js';
import {
  countKeys,
  type Faults,
  findFaults,
  isThere,
  type KeyCounts,
  type SealedColumn,
  type SqlDatabase,
} from './sealed-column.js';

export interface ColumnState extends Faults {
  /** `schema.table.column`. */
  name: string;
  keys: KeyCounts;
}

/** The sealed values of an installation, by column and key. */
export interface RotationState {
  currentKey: string;
  columns: ColumnState[];
  /** Whether every value opens with the current key, so that no other is needed. */
  isComplete: boolean;
}

export interface RotationOptions {
  database: SqlDatabase;
  sealer: Sealer;
  /** Of all subgraphs. */
  columns: SealedColumn[];
  logger: Logger;
}

export interface Rotation {
  /** By column. */
  changes: Record<string, Resealed>;
  state: RotationState;
}

const nameOf = ({ table, column }: SealedColumn) => `${table}.${column}`;
const many = (count: number) => `${count} ${count === 1 ? 'value' : 'values'}`;

async function present({ database, columns }: RotationOptions): Promise<SealedColumn[]> {
  const found: SealedColumn[] = [];
  for (const column of columns) if (await isThere(database, column)) found.push(column);
  return found;
}

/** Opens every sealed value and counts them by key. Changes nothing. */
export async function readRotationState(options: RotationOptions): Promise<RotationState> {
  const { database, sealer } = options;
  const columns: ColumnState[] = [];
  for (const column of await present(options)) {
    const faults = await findFaults(database, sealer, column);
    columns.push({ name: nameOf(column), keys: await countKeys(database, column), ...faults });
  }
  const isDone = ({ keys, damaged, keyMissing }: ColumnState) =>
    damaged.length + keyMissing.length === 0 && Object.keys(keys).every((keyId) => keyId === sealer.currentKeyId);
  return { currentKey: sealer.currentKeyId, columns, isComplete: columns.every(isDone) };
}

async function requireKeys(options: RotationOptions, columns: SealedColumn[]): Promise<void> {
  const problems: string[] = [];
  for (const column of columns) {
    for (const [keyId, count] of Object.entries(await countKeys(options.database, column))) {
      if (keyId === 'none' || options.sealer.hasKey(keyId)) continue;
      problems.push(
        `${many(count)} of ${nameOf(column)} ${count === 1 ? 'is' : 'are'} sealed with the key ${keyId}, which is not configured`,
      );
    }
  }
  if (problems.length === 0) return;
  throw new ConfigurationError(`${problems.join('; ')}: put that key into TOKEN_ENCRYPTION_KEY_PREVIOUS.`);
}

/** Returns by column how many values a rotation would reseal. Throws as `rotateKeys` does. Changes nothing. */
export async function planRotation(options: RotationOptions): Promise<Record<string, number>> {
  const columns = await present(options);
  await requireKeys(options, columns);
  const plan: Record<string, number> = {};
  for (const column of columns) {
    const {
      [options.sealer.currentKeyId]: _done,
      none: _damaged,
      ...others
    } = await countKeys(options.database, column);
    plan[nameOf(column)] = Object.values(others).reduce((sum, count) => sum + count, 0);
  }
  return plan;
}

/**
 * Seals every value of an older key with the current one, under load. Values that do not open are skipped and reported.
 * Throws ConfigurationError, before anything is changed, when a key is missing.
 */
export async function rotateKeys(
  options: RotationOptions,
  onProgress: (name: string, done: number, total: number) => void = () => {},
): Promise<Rotation> {
  const { database, sealer, logger } = options;
  const plan = await planRotation(options);
  const key = sealer.currentKeyId;
  // Not by column: a field with such a name is redacted.
  const planned = Object.entries(plan).map(([column, values]) => ({ column, values }));
  logger.audit({ key, columns: planned }, 'Token key rotation started');
  const changes: Record<string, Resealed> = {};
  for (const column of await present(options)) {
    const name = nameOf(column);
    changes[name] = await resealColumn(database, sealer, column, (done) => onProgress(name, done, plan[name] ?? 0));
  }
  const state = await readRotationState(options);
  const columns = Object.entries(changes).map(([column, { resealed, ...left }]) => ({
    column,
    values: resealed,
    ...left,
  }));
  logger.audit({ key, columns, isComplete: state.isComplete }, 'Token key rotation finished');
  return { changes, state };
}
