import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestServices } from '#ops/testing/test-services.js';
import type { Services } from '#runtime/services.js';
import { readInstallationStatus } from './installation-status.js';

describe('the installation status', () => {
  let services: Services;
  const run = (statement: string) => services.operations.query(statement);

  beforeEach(async () => {
    services = await openTestServices();
    // Each test creates the tables it needs.
    await run('DROP TABLE IF EXISTS operations.restore_drill, operations.backup');
  });
  afterEach(() => services.lifecycle.close());

  const makeBackupTable = () =>
    run('CREATE TABLE operations.backup (finished_at timestamptz, file text, bytes bigint, rows bigint, error text)');

  it('has no backups before the first one, with and without the table', async () => {
    const { backups, unknown } = await readInstallationStatus(services);
    const none = { lastBackup: null, isLastBackupOk: null, lastVerifiedRestore: null, isLastRestoreOk: null };
    expect(backups).toEqual(none);
    await makeBackupTable();
    expect((await readInstallationStatus(services)).backups).toEqual(none);
    expect(unknown).toEqual({});
  });

  it('has the last backup that succeeded, also when a later one failed or is running', async () => {
    await makeBackupTable();
    await run(`INSERT INTO operations.backup VALUES
      ('2026-01-01T00:00:00Z', 'old.gz', 1, 1, NULL),
      ('2026-01-02T00:00:00Z', 'new.gz', 2048, 17, NULL),
      ('2026-01-03T00:00:00Z', NULL, NULL, NULL, 'disk full'),
      (NULL, NULL, NULL, NULL, NULL)`);
    expect((await readInstallationStatus(services)).backups).toMatchObject({
      lastBackup: { finishedAt: '2026-01-02T00:00:00.000Z', file: 'new.gz', bytes: 2048, rows: 17 },
      isLastBackupOk: false,
    });
  });

  it.each([
    ['has a boolean', 'ok boolean', 'true', 'false'],
    ['has an error of failures only', 'error text', 'NULL', "'3 rows differ'"],
  ])('has the last verified restore, where the table %s', async (_how, column, good, bad) => {
    await run(`CREATE TABLE operations.restore_drill (finished_at timestamptz, recovery_seconds double precision,
      recovery_point_seconds double precision, ${column})`);
    await run(`INSERT INTO operations.restore_drill VALUES
      ('2026-01-02T00:00:00Z', 1.5, 3600, ${good}), ('2026-01-03T00:00:00Z', 2, 60, ${bad})`);
    expect((await readInstallationStatus(services)).backups).toMatchObject({
      lastVerifiedRestore: { finishedAt: '2026-01-02T00:00:00.000Z', recoverySeconds: 1.5, recoveryPointSeconds: 3600 },
      isLastRestoreOk: false,
    });
  });

  it('names migrations that are missing', async () => {
    expect((await readInstallationStatus(services)).migrations?.operations?.pending).toEqual([]);
    class Later1999999999999 {
      async up() {}
      async down() {}
    }
    (services.operations.migrations as object[]).push(new Later1999999999999());
    expect((await readInstallationStatus(services)).migrations?.operations?.pending).toEqual(['Later1999999999999']);
  });

  it('sums up the job queue, and goes on when that cannot be read', async () => {
    const [due, later] = [new Date('2026-11-01T10:00:00Z'), new Date('2026-11-01T11:00:00Z')];
    const kind = { waiting: 2, running: 1, dead: 1, nextRunAt: undefined };
    const kinds = [
      { ...kind, name: 'test.one', oldestWaitingSince: later },
      { ...kind, name: 'test.other', oldestWaitingSince: due },
    ];
    const answering = { ...services, jobs: { ...services.jobs, status: async () => kinds } };
    expect((await readInstallationStatus(answering)).jobs).toEqual({
      backend: 'PostgreSQL',
      waiting: 4,
      running: 2,
      dead: 2,
      oldestWaitingSince: due,
      kinds,
    });
    const broken = { ...services, jobs: { ...services.jobs, status: () => Promise.reject(new Error('secret')) } };
    const { jobs, database, unknown } = await readInstallationStatus(broken);
    expect([jobs, database?.isReachable, unknown]).toEqual([null, true, { jobs: 'cannot be read' }]);
  });

  it('reports a database that cannot be reached', async () => {
    await services.operations.destroy();
    const { database, migrations, unknown } = await readInstallationStatus(services);
    expect([database, migrations]).toEqual([{ mode: 'external', isReachable: false }, null]);
    expect(unknown).toMatchObject({ migrations: 'cannot be read', backups: 'cannot be read' });
    await services.operations.initialize();
  });
});
