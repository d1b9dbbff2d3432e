import { get, type IncomingMessage } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#ops/testing/eventually.js';
import { processesBelow } from '#ops/testing/processes-below.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { everyTransport, type OpenTransport, openTransport } from './open-transport.js';
import { openTenant, type Tenant } from './tenant.js';

/** Copies of the rows of a report: some 80 MB of CSV. */
const COPIES = 8_000;
const ROWS_IN_A_COPY = 50;
/** Of this process, which has both sides of the download in it. */
const MAX_GROWTH_MB = 160;
const EVENTS = 1_000_000;

/** How many processes render for this one. */
const renderers = () => processesBelow(process.pid, 'render-child').length;

describe.each(everyTransport)('downloads of large reports, %s', (way) => {
  let transport: OpenTransport;
  let tenant: Tenant;

  beforeAll(async () => {
    transport = await openTransport(way);
    tenant = await openTenant(new Client(transport.url), 'Nora');
    await grow(tenant.reportId);
  });
  afterAll(() => transport?.close());

  /** Gives the first section of a report so many rows that nothing on the way can hold them. */
  async function grow(id: string): Promise<void> {
    const [chunk] = await databaseRows(
      transport,
      'SELECT lines, attempt, section FROM reporting.report_chunk WHERE report_id = $1 ORDER BY section LIMIT 1',
      [id],
    );
    if (!chunk) throw new Error('The report has no rows.');
    const line = chunk.lines.slice(0, chunk.lines.indexOf('\r\n') + 2);
    await databaseRows(transport, 'DELETE FROM reporting.report_chunk WHERE report_id = $1 AND section = $2', [
      id,
      chunk.section,
    ]);
    await databaseRows(
      transport,
      `INSERT INTO reporting.report_chunk (report_id, attempt, section, first_row, row_count, lines)
       SELECT $1, $2, $3, n * $4::int, $4::int, repeat($5, $4::int) FROM generate_series(0, $6::int - 1) AS n`,
      [id, chunk.attempt, chunk.section, ROWS_IN_A_COPY, line, COPIES],
    );
    await databaseRows(
      transport,
      `UPDATE reporting.report_dataset
       SET manifest = jsonb_set(manifest, ARRAY['sections', $2::text, 'rowCount'], to_jsonb($3::int)) WHERE report_id = $1`,
      [id, chunk.section, COPIES * ROWS_IN_A_COPY],
    );
  }

  const openPath = (path: string, more: Record<string, string> = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${tenant.accessToken}`, ...more };
      get(`${transport.url}${path}`, { headers, agent: false }, resolve).on('error', reject);
    });
  const open = (format: string) => openPath(`/reports/${tenant.reportId}/download.${format}`);

  it('are sent to every credential, and in memory that does not grow with them', async () => {
    const address = `${transport.url}/reports/${tenant.reportId}/download.csv`;
    const api = `${transport.url}/api/reports/${tenant.reportId}/download.csv`;
    const sizes: number[] = [];
    let before = 0;
    let peak = 0;
    for (const [url, headers] of [
      [address, { 'x-api-key': tenant.apiKey }],
      [api, { authorization: `Bearer ${tenant.apiKey}` }],
      [tenant.downloadUrl, {}],
    ] as const) {
      const response = await fetch(url, { headers: headers as Record<string, string> });
      expect(response.status).toBe(200);
      let bytes = 0;
      for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
        bytes += piece.length;
        peak = Math.max(peak, process.memoryUsage.rss());
      }
      sizes.push(bytes);
      // The first has the process grow to what it needs for one.
      before ||= peak;
    }
    expect(new Set(sizes).size).toBe(1);
    expect(sizes[0]).toBeGreaterThan(40_000_000);
    expect((peak - before) / 1e6).toBeLessThan(MAX_GROWTH_MB);
  });

  it('end with the client that hangs up', async () => {
    const response = await open('xlsx');
    expect(response.statusCode).toBe(200);
    expect(renderers()).toBe(1);
    response.destroy();
    await eventually('no process renders', () => renderers() === 0);
  });

  it.each([
    ['csv', 'manifest'],
    ['xlsx', 'PK\x05\x06'],
  ])('wait as %s for a client that reads slowly, whose other requests are answered meanwhile', async (format, end) => {
    const slow = await open(format);
    slow.pause();
    // At once: a client that takes nothing for long is cut off.
    const answers = await Promise.all(Array.from({ length: 50 }, () => tenant.client.ask('{ me { id } }')));
    expect(answers.filter(({ errors }) => errors)).toEqual([]);
    expect((await buffer(slow)).subarray(-5_000).toString('latin1')).toContain(end);
  });

  it('have a million events of the audit log', async () => {
    await databaseRows(
      transport,
      `INSERT INTO operations.audit_event (organization_id, sequence, id, occurred_at, action, outcome, actor_kind, user_agent,
         request_id, after, personal_digest, previous_hash, hash)
       SELECT $1, 1000000 + n, gen_random_uuid(), now(), 'many.done', 'SUCCESS', 'service', 'Mozilla/5.0 (X11; Linux)', 'r',
         '{"name": "Acme"}', '', '', ''
       FROM generate_series(1, $2::int) AS n`,
      [tenant.organizationId, EVENTS],
    );
    const response = await openPath('/api/audit.csv?action=many.done');
    expect(response.statusCode).toBe(200);
    let lines = -1;
    for await (const piece of response as AsyncIterable<Buffer>) {
      for (const byte of piece) if (byte === 10) lines += 1;
    }
    expect(lines).toBe(EVENTS);
  });

  it.each([
    ['a report', 'reporting.report_chunk', () => `/reports/${tenant.reportId}/download.csv`],
    ['the audit log', 'operations.audit_event', () => '/api/audit.csv?action=many.done'],
  ])('are cut off, and never short, when the connection to PostgreSQL that reads %s ends', async (_of, table, path) => {
    const response = await openPath(path(), { 'accept-encoding': 'gzip' });
    expect(response.statusCode).toBe(200);
    const holder = new pg.Client({ connectionString: transport.base.config.databaseUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const failed = expect(text(response)).rejects.toThrow('aborted');
      await eventually('the connection of a read is ended', async () => {
        const { rowCount } = await holder.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ '^\\s*COPY'`,
        );
        return rowCount! > 0;
      });
      await failed;
    } finally {
      await holder.end();
    }
  });

  it('are cut off, and never short, when their report is deleted meanwhile', async () => {
    const response = await open('csv');
    expect(response.statusCode).toBe(200);
    await databaseRows(transport, 'DELETE FROM reporting.report WHERE id = $1', [tenant.reportId]);
    await expect(text(response)).rejects.toThrow('aborted');
    expect((await open('csv')).statusCode).toBe(404);
  });
});
