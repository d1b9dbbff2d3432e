import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestServices } from '#ops/testing/test-services.js';
import { recordVerification } from '#runtime/health/verifications.js';
import type { Services } from '#runtime/services.js';
import { renderMetrics } from './metrics-route.js';

describe('the metrics of an installation', () => {
  let services: Services;
  beforeEach(async () => {
    services = await openTestServices({ environment: { BACKUP_EVERY_HOURS: '3' } });
  });
  afterEach(() => services.lifecycle.close());

  const linesOf = async (...names: string[]) => {
    const { body } = await renderMetrics();
    return body
      .split('\n')
      .filter((line) => names.some((name) => line.startsWith(`${name} `) || line.startsWith(`${name}{`)));
  };
  const figureOf = async (name: string) => Number((await linesOf(name))[0]?.split(' ').at(-1) ?? Number.NaN);

  it('have no value for what never happened', async () => {
    expect(await linesOf('webmetrics_backup_last_result', 'webmetrics_backup_last_success_timestamp_seconds')).toEqual(
      [],
    );
    expect(await linesOf('webmetrics_audit_damaged_trails', 'webmetrics_restore_drill_last_result')).toEqual([]);
    expect(await linesOf('webmetrics_backup_interval_seconds')).toEqual(['webmetrics_backup_interval_seconds 10800']);
  });

  it('show backups, drills and the audit trail as their tables do', async () => {
    const { operations } = services;
    await operations.query(
      `INSERT INTO operations.backup (started_at, finished_at, error) VALUES
         ('2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', NULL), ('2026-01-02T00:00:00Z', '2026-01-02T00:01:00Z', 'disk full');`,
    );
    await operations.query(
      `INSERT INTO operations.restore_drill (started_at, finished_at) VALUES ('2026-01-03T00:00:00Z', '2026-01-03T00:01:00Z')`,
    );
    await recordVerification(operations, 'audit', { finishedAt: new Date('2026-01-04T00:00:00Z'), problems: 0 });
    await recordVerification(operations, 'audit', { finishedAt: new Date('2026-01-05T00:00:00Z'), problems: 2 });
    expect(await linesOf('webmetrics_backup_last_result', 'webmetrics_restore_drill_last_result')).toEqual([
      'webmetrics_backup_last_result 0',
      'webmetrics_restore_drill_last_result 1',
    ]);
    expect(await figureOf('webmetrics_backup_last_success_timestamp_seconds')).toBe(Date.UTC(2026, 0, 1, 0, 1) / 1_000);
    expect(await figureOf('webmetrics_restore_drill_last_success_timestamp_seconds')).toBe(
      Date.UTC(2026, 0, 3, 0, 1) / 1_000,
    );
    expect(await figureOf('webmetrics_audit_verified_timestamp_seconds')).toBe(Date.UTC(2026, 0, 5) / 1_000);
    expect(await figureOf('webmetrics_audit_damaged_trails')).toBe(2);
  });

  it('show mail by state, and how long the oldest has waited', async () => {
    const insert = `INSERT INTO operations.mail (kind, recipient, subject, text, status, created_at, finished_at) VALUES
      ('test', 'a@example.com', 's', 't', $1, now() - make_interval(mins => $2), CASE WHEN $1 <> 'QUEUED' THEN now() - make_interval(mins => $3) END)`;
    for (const [status, age, finished] of [
      ['QUEUED', 20, 0],
      ['QUEUED', 2, 0],
      ['SENT', 60, 59],
      ['SENT', 3_000, 2_990],
      ['FAILED', 3_000, 10],
    ])
      await services.operations.query(insert, [status, age, finished]);
    expect(await linesOf('webmetrics_mails')).toEqual([
      'webmetrics_mails{state="queued"} 2',
      'webmetrics_mails{state="sent"} 1',
      'webmetrics_mails{state="bounced"} 0',
      'webmetrics_mails{state="suppressed"} 0',
      'webmetrics_mails{state="failed"} 1',
    ]);
    expect(Math.round((await figureOf('webmetrics_mail_oldest_queued_seconds')) / 60)).toBe(20);
  });

  it('show the clock, the disk and no backup folder that is not there', async () => {
    expect(Math.abs(await figureOf('webmetrics_clock_ahead_seconds'))).toBeLessThan(5);
    const [data, ...others] = await linesOf('webmetrics_disk_free_ratio');
    expect(others).toEqual([]);
    expect(data).toMatch(/^webmetrics_disk_free_ratio\{folder="data"\} 0\.\d+$/);
  });
});
