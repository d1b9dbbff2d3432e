import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, EntitySchema } from 'typeorm';
import { newDatabase } from '#ops/testing/test-services.js';
import { columnsOf, prefixed } from './columns-of.js';

interface Thing {
  id: string;
  isNew: boolean;
  count: number;
  names: string[];
  day: string;
  at: Date;
  details: { key: string } | null;
}

const ThingEntity = new EntitySchema<Thing>({
  name: 'Thing',
  tableName: 'thing',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    isNew: { type: 'boolean', name: 'is_new' },
    count: { type: 'int' },
    names: { type: 'text', array: true },
    day: { type: 'date' },
    at: { type: 'timestamptz' },
    details: { type: 'jsonb', nullable: true },
  },
});

describe('rows that are read by the columns of an entity', () => {
  let database: DataSource;

  beforeEach(async () => {
    const url = await newDatabase();
    database = new DataSource({ type: 'postgres', url, entities: [ThingEntity], synchronize: true });
    await database.initialize();
    const own = { isNew: true, count: 3, names: ['a', 'b'], day: '2026-01-31', at: new Date(1_700_000_000_123) };
    await database.manager.insert(ThingEntity, { ...own, details: { key: 'value' } });
    await database.manager.insert(ThingEntity, { ...own, details: null });
  });
  afterEach(() => database.destroy());

  it('are those that TypeORM makes', async () => {
    const text = `SELECT ${columnsOf(ThingEntity, { alias: 'thing' })} FROM thing ORDER BY id`;
    const entities = await database.manager.find(ThingEntity, { order: { id: 'ASC' } });
    expect(await database.query(text)).toEqual(entities);
  });

  it('may leave columns out, and have a prefix', async () => {
    const columns = columnsOf(ThingEntity, { alias: 't', omitted: ['id', 'at', 'details'], prefix: 'thing.' });
    const [row] = await database.query(`SELECT 1 AS other, ${columns} FROM thing AS t`);
    expect(prefixed(row, 'thing.')).toEqual({ isNew: true, count: 3, names: ['a', 'b'], day: '2026-01-31' });
  });

  it('are refused where TypeORM converts values', () => {
    const converted = (column: object) =>
      columnsOf(new EntitySchema<{ id: string }>({ name: 'Other', columns: { id: column as { type: 'text' } } }), {
        alias: 'other',
      });
    expect(() => converted({ type: 'simple-json' })).toThrow('Other.id');
    expect(() => converted({ type: 'text', transformer: { from: String, to: String } })).toThrow('Other.id');
  });
});
