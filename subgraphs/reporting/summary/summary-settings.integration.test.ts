import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jobContext } from '#reporting/context.js';
import { openReportingDatabase } from '#reporting/database.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { member, openTestReporting } from '#reporting/testing/open-test-reporting.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { summarize } from './summarize.js';

let simulator: Simulator;
let reporting: Awaited<ReturnType<typeof openTestReporting>>;
beforeAll(async () => {
  simulator = await startSimulator({ quiet: true });
  reporting = await openTestReporting({
    GEMINI_API_KEY: 'webmetrics-simulator-gemini-key',
    SIMULATOR_URL: simulator.url,
  });
});
afterAll(async () => {
  await reporting.services.lifecycle.close();
  await simulator.close();
});

const SET =
  'mutation ($is: Boolean!) { setReportSummary(isWordedByModel: $is) { organization { reportSummary { isWordedByModel } } } }';
const GET = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { reportSummary { isWordedByModel } } } }`;

const cost = [
  column('currency', 'TEXT'),
  column('cost', 'MONEY'),
  column('previous.cost', 'MONEY'),
  column('change.cost', 'PERCENT', { role: 'CHANGE' }),
];
const clicks = [
  column('clicks', 'INTEGER'),
  column('previous.clicks', 'INTEGER'),
  column('change.clicks', 'PERCENT', { role: 'CHANGE' }),
];
const dataset = memoryDataset([
  {
    id: 'one',
    columns: [...cost, ...clicks],
    compared: { start: '2026-09-01', end: '2026-09-30' },
    totals: [['EUR', '1200', '1000', '0.2', '900', '600', '0.5']],
    rows: [],
  },
]);

it('a model words summaries until an administrator switches it off, for one organization, on the record', async () => {
  const [admin, other] = [member(randomUUID(), 'ADMIN'), member(randomUUID(), 'ADMIN')];
  const { ask, services } = reporting;
  const database = await openReportingDatabase(services);
  const context = jobContext({ services, database });
  const wordedBy = async ({ organizationId }: typeof admin) =>
    (await summarize(context, { organizationId, dataset })).wordedBy;
  const shown = async (identity: typeof admin) => {
    const { data } = await ask(GET, identity, { r: [{ __typename: 'Organization', id: identity.organizationId }] });
    return (data as any)._entities[0].reportSummary.isWordedByModel;
  };
  expect([await shown(admin), await wordedBy(admin)]).toEqual([true, 'MODEL']);

  const refused = await ask(SET, member(admin.organizationId, 'ANALYST'), { is: false });
  expect(refused.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  // Two administrators at the same time.
  const answers = await Promise.all([ask(SET, admin, { is: false }), ask(SET, admin, { is: false })]);
  expect(answers.map(({ data }) => (data as any).setReportSummary.organization.reportSummary.isWordedByModel)).toEqual([
    false,
    false,
  ]);
  expect([await shown(admin), await wordedBy(admin)]).toEqual([false, 'RULES']);
  expect([await shown(other), await wordedBy(other)]).toEqual([true, 'MODEL']);
  const { rows } = await reporting.database.query(
    `SELECT action, before, after FROM operations.audit_event WHERE organization_id = $1`,
    [admin.organizationId],
  );
  expect(rows).toEqual([
    { action: 'report-summary.changed', before: { isWordedByModel: true }, after: { isWordedByModel: false } },
  ]);
  await ask(SET, admin, { is: true });
  expect(await wordedBy(admin)).toBe('MODEL');
});
