import type { Invariant } from '#ops/backup/invariant.js';

/** The invariants of reports. */
export const invariants: Invariant[] = [
  {
    name: 'a finished report has as many rows as it says',
    sql: `SELECT FROM reporting.report AS r WHERE status = 'READY' AND row_count IS DISTINCT FROM
      (SELECT count(*) FROM reporting.report_row WHERE report_id = r.id)`,
  },
  {
    name: 'a share link is of a finished report of its organization',
    sql: `SELECT FROM reporting.report_share AS s JOIN reporting.report AS r ON r.id = s.report_id
      WHERE r.status <> 'READY' OR r.organization_id <> s.organization_id`,
  },
];
