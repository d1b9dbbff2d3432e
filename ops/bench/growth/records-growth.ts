import { randomUUID } from 'node:crypto';
import { copyDays } from '#ops/bench/answers/copied-days.js';
import type { QuestionedPlatform } from '#ops/bench/answers/performance-question.js';
import { ownerOf, queryGateway } from '#ops/bench/bench-platform.js';
import { fillTable } from '#ops/testing/fill-table.js';
import { eraseRows } from '#runtime/database/erase-rows.js';
import type { Subject } from './subject.js';

const OTHERS = { accounts: 2, campaigns: 5, days: 60 };

const ownHistory = (organizationIds: string[], { database }: QuestionedPlatform, days: number) =>
  copyDays(database, organizationIds, { accounts: 2, campaigns: 20, days });

const REPETITIONS = 8;

async function erasureOf(platform: QuestionedPlatform, days: number) {
  const ids = Array.from({ length: REPETITIONS }, () => randomUUID());
  await ownHistory(ids, platform, days);
  const { database } = platform;
  await database.query('ANALYZE');
  return {
    ask: async () => eraseRows(database, { schema: 'integrations', organizationId: ids.pop() ?? '' }),
  };
}

const erasureAmongOthers: Subject = {
  name: 'Erasing an organization among others',
  of: 'organizations',
  sizes: [20, 200, 2_000],
  growsWith: 'nothing',
  isOnce: true,
  async prepare(platform, count) {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (let at = 0; at < count; at += 200) await copyDays(platform.database, ids.slice(at, at + 200), OTHERS);
    return erasureOf(platform, 60);
  },
};

const erasureOfDays: Subject = {
  name: 'Erasing an organization',
  of: 'days of its own',
  sizes: [60, 240, 720],
  growsWith: 'answer',
  isOnce: true,
  prepare: (platform, days) => erasureOf(platform, days),
};

/** Rows of an organization's own, without the checks of what writes them. */
async function fill(
  { database }: QuestionedPlatform,
  table: string,
  rows: number,
  values: Record<string, string | null>,
): Promise<void> {
  await database.transaction(async (manager) => {
    await manager.query('SET LOCAL session_replication_role = replica');
    await fillTable(manager, { table, rows, values });
  });
  await database.query(`ANALYZE ${table}`);
}

const AUDIT = /* GraphQL */ `
  query { organization { auditLog(first: 50) { edges { node { action occurredAt actor { kind name } } } } } }
`;

/** A page of a list whose rows grow in number. */
function pageOf(
  subject: Pick<Subject, 'name' | 'of' | 'sizes'>,
  query: string,
  fillRows: (platform: QuestionedPlatform, organizationId: string, rows: number) => Promise<void>,
): Subject {
  return {
    ...subject,
    growsWith: 'nothing',
    async prepare(platform, rows) {
      const organizationId = randomUUID();
      await fillRows(platform, organizationId, rows);
      return { ask: () => queryGateway(platform.gateway, ownerOf(organizationId), query) };
    },
  };
}

const audit = pageOf(
  { name: 'A page of the audit trail', of: 'audit rows', sizes: [2_000, 20_000, 200_000] },
  AUDIT,
  (platform, organizationId, rows) =>
    fill(platform, 'operations.audit_event', rows, {
      organization_id: `'${organizationId}'`,
      sequence: 'n',
      outcome: "'SUCCESS'",
      actor_kind: "'user'",
      actor_id: 'gen_random_uuid()::text',
    }),
);

/** What others have grows; this person has nothing of it. */
const personalData: Subject = {
  name: 'exportMyData of a person without any of them',
  of: 'audit rows, mails and reports of others',
  sizes: [2_000, 20_000, 200_000],
  growsWith: 'nothing',
  async prepare(platform, rows) {
    const organizationId = randomUUID();
    const others = { organization_id: `'${organizationId}'` };
    await fill(platform, 'operations.audit_event', rows, {
      ...others,
      sequence: 'n',
      outcome: "'SUCCESS'",
      actor_id: 'gen_random_uuid()::text',
    });
    await fill(platform, 'operations.mail', rows, { ...others, status: "'SENT'", mailbox: 'NULL' });
    await fillReports(platform, organizationId, rows);
    const personId = randomUUID();
    await platform.database.query(
      "INSERT INTO auth.person (id, name, email, password_hash) VALUES ($1, 'Ada', $2, 'x')",
      [personId, `${personId}@example.com`],
    );
    return { ask: () => Promise.all(platform.platform.running.map((subgraph) => subgraph.personalData(personId))) };
  },
};

const fillReports = (platform: QuestionedPlatform, organizationId: string, rows: number) =>
  fill(platform, 'reporting.report', rows, {
    organization_id: `'${organizationId}'`,
    template_id: "'campaign-performance'",
    created_by: 'gen_random_uuid()',
    ordered_by_key: 'NULL',
    status: "'READY'",
    progress: '100',
    compare_to: 'NULL',
    step: 'NULL',
    order_key: 'NULL',
    order_hash: 'NULL',
    summary_status: null,
  });

const REPORTS = 'query { organization { reports(first: 50) { edges { node { title status createdAt } } } } }';

const reports = pageOf(
  { name: 'A page of reports', of: 'report rows', sizes: [2_000, 20_000, 100_000] },
  REPORTS,
  fillReports,
);

const INVOICES = 'query { organization { invoices(first: 20) { edges { node { number status createdAt } } } } }';

const invoices = pageOf(
  { name: 'A page of invoices', of: 'invoices', sizes: [200, 2_000, 20_000] },
  INVOICES,
  (platform, organizationId, rows) =>
    fill(platform, 'billing.invoice', rows, {
      id: 'gen_random_uuid()::text',
      organization_id: `'${organizationId}'`,
      status: "'paid'",
      currency: "'EUR'",
      tax_status: null,
    }),
);

/** What grows with the rows of erasure, audit, mail, reports and billing. */
export const recordsGrowth: Subject[] = [erasureAmongOthers, erasureOfDays, audit, personalData, reports, invoices];
