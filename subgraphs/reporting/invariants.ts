import type { Invariant } from '#ops/backup/invariant.js';

/** The invariants of reports. */
export const invariants: Invariant[] = [
  {
    name: 'a finished report has as many rows as it says',
    sql: `SELECT FROM reporting.report AS r LEFT JOIN reporting.report_dataset AS d ON d.report_id = r.id
      WHERE r.status = 'READY' AND (r.row_count IS DISTINCT FROM d.row_count OR r.row_count IS DISTINCT FROM
        (SELECT coalesce(sum(c.row_count), 0) FROM reporting.report_chunk AS c WHERE c.report_id = r.id AND c.attempt = d.attempt))`,
  },
  {
    name: 'a share link is of a finished report of its organization',
    sql: `SELECT FROM reporting.report_share AS s JOIN reporting.report AS r ON r.id = s.report_id
      WHERE r.status <> 'READY' OR r.organization_id <> s.organization_id`,
  },
  {
    name: 'a schedule has recipients, and a time zone that exists',
    sql: `SELECT FROM reporting.report_schedule AS s
      WHERE NOT EXISTS (SELECT FROM reporting.report_schedule_recipient WHERE schedule_id = s.id)
        OR NOT EXISTS (SELECT FROM pg_timezone_names WHERE lower(name) = lower(s.time_zone))`,
  },
  {
    name: 'a delivery that was sent has recipients and is of a report of its organization',
    sql: `SELECT FROM reporting.report_delivery AS d LEFT JOIN reporting.report AS r ON r.id = d.report_id
      WHERE r.organization_id <> d.organization_id OR (d.state = 'SENT' AND NOT EXISTS
        (SELECT FROM reporting.report_delivery_recipient WHERE delivery_id = d.id))`,
  },
  {
    name: 'a branding has the logo it names',
    sql: `SELECT FROM reporting.branding AS b LEFT JOIN reporting.branding_logo AS l ON l.branding_id = b.id
      WHERE b.logo_hash IS DISTINCT FROM l.hash OR l.organization_id <> b.organization_id`,
  },
];
