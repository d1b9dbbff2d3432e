import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestServices } from '#ops/testing/test-services.js';
import { createLogger } from '#runtime/log/logger.js';
import type { Services } from '#runtime/services.js';
import { Sealer } from './crypto.js';
import { planRotation, type RotationOptions, readRotationState, rotateKeys } from './rotate-keys.js';
import type { SealedColumn, SealedOwner } from './sealed-column.js';

const quiet = createLogger({ level: 'silent', isPretty: false });
const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const [before, after, during] = [new Sealer(oldKey), new Sealer(newKey), new Sealer(newKey, oldKey)];
const column: SealedColumn = {
  table: 'operations.safe',
  column: 'sealed',
  associatedDataOf: ({ organizationId, id }) => `${organizationId} ${id}`,
};

describe('the rotation of the token key', () => {
  let services: Services;
  let options: RotationOptions;
  const audited: string[] = [];
  const logged: unknown[] = [];

  async function put(sealer: Sealer, plain: string): Promise<SealedOwner> {
    const owner = { id: randomUUID(), organizationId: randomUUID() };
    const sealed = sealer.seal(plain, column.associatedDataOf(owner));
    const values = [owner.id, owner.organizationId, sealed];
    await services.operations.query('INSERT INTO operations.safe VALUES ($1, $2, $3)', values);
    return owner;
  }
  const read = async ({ id }: SealedOwner): Promise<string> =>
    (await services.operations.query('SELECT sealed FROM operations.safe WHERE id = $1', [id]))[0].sealed;
  const everything = () => services.operations.query('SELECT * FROM operations.safe ORDER BY id');

  beforeEach(async () => {
    services = await openTestServices();
    await services.operations.query(
      'CREATE TABLE operations.safe (id uuid PRIMARY KEY, organization_id uuid NOT NULL, sealed text)',
    );
    logged.length = 0;
    const destination = { write: (line: string) => void logged.push(JSON.parse(line)) };
    const written = createLogger({ level: 'info', isPretty: false, destination });
    const audit = (fields: object, message: string) => {
      audited.push(message);
      written.audit(fields, message);
    };
    const logger = { ...quiet, audit };
    options = { database: services.operations, sealer: during, columns: [column], logger: logger as typeof quiet };
    audited.length = 0;
  });
  afterEach(() => services.lifecycle.close());

  it('reseals everything, after which the old key can be removed, and is in the audit log', async () => {
    const owners: SealedOwner[] = [];
    // More than one batch.
    for (let count = 0; count < 510; count += 1) owners.push(await put(before, `token ${count}`));
    owners.push(await put(after, 'token 510'));
    await services.operations.query('INSERT INTO operations.safe VALUES ($1, $2, NULL)', [randomUUID(), randomUUID()]);
    const progress: number[] = [];
    const { changes, state } = await rotateKeys(options, (_name, done, total) => void progress.push(done, total));
    expect(changes).toEqual({ 'operations.safe.sealed': { resealed: 510, overtaken: 0, skipped: 0 } });
    expect(state.isComplete).toBe(true);
    expect(progress).toEqual([500, 510, 510, 510]);
    for (const [count, owner] of owners.entries()) {
      expect(after.open(await read(owner), column.associatedDataOf(owner))).toBe(`token ${count}`);
    }
    expect(audited).toEqual(['Token key rotation started', 'Token key rotation finished']);
    const named = { column: 'operations.safe.sealed' };
    expect(logged).toMatchObject([
      { columns: [{ ...named, values: 510 }] },
      { columns: [{ ...named, values: 510, overtaken: 0, skipped: 0 }], isComplete: true },
    ]);
    expect((await rotateKeys(options)).changes['operations.safe.sealed']).toMatchObject({ resealed: 0 });
  });

  it('reports what it would do, and does nothing, in a dry run', async () => {
    await put(before, 'a');
    await put(after, 'b');
    const rows = await everything();
    expect(await planRotation(options)).toEqual({ 'operations.safe.sealed': 1 });
    expect(await everything()).toEqual(rows);
  });

  it('changes nothing, and names the key with its number of values, when that key is not configured', async () => {
    await put(before, 'a');
    await put(before, 'b');
    await put(new Sealer(randomBytes(32)), 'c');
    const rows = await everything();
    const withoutOld = { ...options, sealer: new Sealer(newKey, randomBytes(32)) };
    const expected = `2 values of operations.safe.sealed are sealed with the key ${before.currentKeyId}, which is not configured`;
    await expect(rotateKeys(withoutOld)).rejects.toThrow(expected);
    await expect(planRotation(withoutOld)).rejects.toThrow('TOKEN_ENCRYPTION_KEY_PREVIOUS');
    const { columns, isComplete } = await readRotationState(withoutOld);
    expect(isComplete).toBe(false);
    expect(columns[0]?.keyMissing).toHaveLength(3);
    expect(await everything()).toEqual(rows);
  });

  it('skips and reports what was changed, copied from another row, or never sealed', async () => {
    const [good, changed, moved, bare] = [
      await put(before, 'a'),
      await put(before, 'b'),
      await put(before, 'c'),
      await put(before, 'd'),
    ];
    const write = ({ id }: SealedOwner, sealed: string) =>
      services.operations.query('UPDATE operations.safe SET sealed = $1 WHERE id = $2', [sealed, id]);
    const sealed = await read(changed);
    await write(changed, sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA'));
    await write(moved, await read(good));
    await write(bare, 'plain text');
    const left = await Promise.all([changed, moved, bare].map(read));
    const { changes, state } = await rotateKeys(options);
    expect(changes['operations.safe.sealed']).toEqual({ resealed: 1, overtaken: 0, skipped: 3 });
    expect(state.isComplete).toBe(false);
    expect(state.columns[0]?.damaged.sort()).toEqual([changed.id, moved.id, bare.id].sort());
    expect(await Promise.all([changed, moved, bare].map(read))).toEqual(left);
    expect(after.open(await read(good), column.associatedDataOf(good))).toBe('a');
  });

  it('keeps a value that was written concurrently', async () => {
    const owner = await put(before, 'first');
    const write = async (sealer: Sealer, plain: string) =>
      services.operations.query('UPDATE operations.safe SET sealed = $1 WHERE id = $2', [
        sealer.seal(plain, column.associatedDataOf(owner)),
        owner.id,
      ]);
    let hasWritten = false;
    // Between reading a value and replacing it.
    const query = async (statement: string, values?: unknown[]) => {
      if (statement.startsWith('UPDATE') && !hasWritten) {
        hasWritten = true;
        await write(before, 'second');
      }
      return services.operations.query(statement, values);
    };
    const { state } = await rotateKeys({ ...options, database: { query } as RotationOptions['database'] });
    expect(after.open(await read(owner), column.associatedDataOf(owner))).toBe('second');
    expect(state.isComplete).toBe(true);
  });

  it('works without the tables of a subgraph that never ran', async () => {
    const columns = [{ ...column, table: 'nowhere.safe' }];
    expect((await rotateKeys({ ...options, columns })).state).toMatchObject({ columns: [], isComplete: true });
  });
});
