import pg from 'pg';
import { testJobRun } from '#ops/testing/job-run.js';
import { startMailServer } from '#ops/testing/mail-server.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { jobContext } from '#reporting/context.js';
import type { SectionSource } from '#reporting/dataset/dataset.js';
import { reporting } from '#reporting/index.js';
import { storeDataset } from '#reporting/testing/store-dataset.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { deliverMail } from '#runtime/mail/deliver-mail.js';
import { openMailTransport } from '#runtime/mail/mail-transport.js';
import { FakeOrganization } from './fake-organization.js';
import { column, memoryDataset } from './memory-dataset.js';

/** Opens the reporting subgraph with an organization, a clock, a queue that only lists, and a mail server. */
export async function openTestSchedules({ isSold = false } = {}) {
  const organization = new FakeOrganization();
  const mails = await startMailServer();
  const clock = { now: new Date('2026-11-02T08:00:00.000Z') };
  const environment = { SMTP_URL: mails.url, MAIL_FROM: 'WebMetrics <no-reply@metrics.example>' };
  const services = await openTestServices({ environment, now: () => clock.now, isSold });
  const queued: { name: string; data: Record<string, unknown> }[] = [];
  const jobs = {
    ...services.jobs,
    enqueue: async (name: string, data: Record<string, unknown>) => void queued.push({ name, data }),
  };
  const running = await reporting.open({ ...services, graph: organization, jobs });
  const database = new pg.Client({ connectionString: services.databaseUrl });
  await database.connect();
  services.lifecycle.onClose('Test connection', () => database.end());
  const transport = openMailTransport(services.config.mail, services.config.dataDir);
  services.lifecycle.onClose('Test mails', () => transport.close());
  services.lifecycle.onClose('Mail server', () => mails.close());
  const dataSource = services.databases.get('reporting');
  if (!dataSource) throw new Error('The database of reporting is not open.');
  const context = jobContext({ services, database: dataSource });

  const rows = async <Row = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    (await database.query(sql, values)).rows;
  const run = (name: string, data: object = {}, attempt = 1) => {
    const job = running.jobs.find((definition) => definition.name === name) as JobDefinition<object>;
    return job.run(data, { ...testJobRun(), attempt });
  };
  return {
    organization,
    mails,
    clock,
    services,
    queued,
    rows,
    run,
    identity: (userId: string): Identity => {
      const role = organization.members.get(userId)?.role;
      return { kind: 'user', userId, organizationId: organization.id, role, scopes: [], requestId: 'test' };
    },
    ask: (query: string, identity: Identity, variables: Record<string, unknown> = {}) =>
      running.execute({ query, variables }, identity),
    /** Makes every report that was ordered, as the job would. */
    makeReports: async ({ sources = [], title, rowCount = 2, language = 'en' as const }: MadeReport = {}) => {
      const ordered = await rows<{ id: string; title: string }>(
        "SELECT id, title FROM reporting.report WHERE status = 'QUEUED' ORDER BY created_at, id",
      );
      for (const { id, title: ownTitle } of ordered) {
        const section = {
          id: 'campaigns',
          columns: [column('campaign', 'TEXT'), column('clicks', 'INTEGER')],
          rows: Array.from({ length: rowCount }, (_, index) => [`Campaign ${index}`, String(index)]),
          sources,
        };
        const dataset = memoryDataset([section], { reportId: id, title: title ?? ownTitle, language });
        await rows("UPDATE reporting.report SET status = 'RUNNING', attempts = 1 WHERE id = $1", [id]);
        await storeDataset(context, { report: { id, attempts: 1 }, dataset });
        await rows("UPDATE reporting.report SET status = 'READY', finished_at = $2 WHERE id = $1", [id, clock.now]);
      }
      return ordered;
    },
    /** Runs the jobs that deliver what is finished. */
    deliver: async () => {
      queued.length = 0;
      await run('reporting.queue-deliveries');
      for (const { name, data } of queued.splice(0)) if (name === 'reporting.deliver-report') await run(name, data);
    },
    sendMails: () =>
      deliverMail({ ...services, transport, alerts: { raise: () => {}, close: async () => {} } }, 60_000),
    close: () => services.lifecycle.close(),
  };
}

interface MadeReport {
  sources?: SectionSource[];
  title?: string;
  rowCount?: number;
  language?: 'en' | 'de' | 'ar';
}

export type TestSchedules = Awaited<ReturnType<typeof openTestSchedules>>;
