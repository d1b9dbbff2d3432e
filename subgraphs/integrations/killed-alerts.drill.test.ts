import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { type JobProcess, killWhileWriting, startJob } from './testing/job-process.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const EXTERNAL_ID = '1029384756';
const RULE = `mutation ($of: [ID!]) { createAlertRule(kind: OVER_PACE, accountIds: $of) { rule { id } } }`;
const BUDGET = `mutation ($id: ID, $amount: Decimal!) {
  setBudget(accountId: $id, month: "2026-11-01", amount: { amount: $amount, currency: "USD" }) { budgets { pace } } }`;

describe('a worker killed while it evaluates alert rules', () => {
  const nora = someone();
  let stage: HistoryStage;
  /** In place of the gateway, which says who the recipients are. */
  let gateway: Server;
  let accountId: string;
  let readEvents: Awaited<ReturnType<typeof keepWebhookEvents>>;
  const workers: JobProcess[] = [];

  beforeEach(async () => {
    const user = { id: nora.userId, name: 'Nora', email: 'nora@example.com' };
    const members = { edges: [{ node: { user, clients: null } }], pageInfo: { hasNextPage: false, endCursor: null } };
    const answer = JSON.stringify({ data: { organization: { name: 'Northwind', members } } });
    gateway = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    }).listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    stage = await openHistoryStage(NOW);
    await stage.connect(nora, 'google-ads');
    await stage.copyAll();
    accountId = (await stage.activeAccounts(nora)).find(({ externalId }) => externalId === EXTERNAL_ID).id;
    readEvents = await keepWebhookEvents(stage.services.operations, nora.organizationId);
    await change(RULE, { of: [accountId] });
  });
  afterEach(async () => {
    for (const worker of workers) await worker.kill();
    await stage.close();
    gateway.close();
  });

  async function change(mutation: string, variables: Record<string, unknown>): Promise<void> {
    expect((await stage.ask(nora, mutation, variables)).errors).toEqual([]);
  }
  const setBudget = (amount: string) => change(BUDGET, { id: accountId, amount });

  async function startWorker(): Promise<JobProcess> {
    const { port } = gateway.address() as AddressInfo;
    const worker = await startJob(stage, {
      name: 'integrations.evaluate-alerts',
      data: { organizationId: nora.organizationId },
      environment: { GATEWAY_URL: `http://127.0.0.1:${port}/graphql` },
    });
    workers.push(worker);
    return worker;
  }

  /** Runs two workers at once to their ends, and kills them before they do anything else. */
  async function evaluate(): Promise<void> {
    const both = await Promise.all([startWorker(), startWorker()]);
    expect(await Promise.all(both.map((worker) => worker.next()))).toEqual(['ends', 'ends']);
    await Promise.all(both.map((worker) => worker.kill()));
  }

  async function found() {
    const mails = await stage.services.operations.query<{ subject: string }[]>(
      "SELECT subject FROM operations.mail WHERE kind = 'alert' ORDER BY created_at",
    );
    const alerts = await stage.sql('SELECT resolved_at IS NOT NULL AS resolved FROM integrations.alert');
    return {
      alerts: alerts.map(({ resolved }) => (resolved ? 'RESOLVED' : 'RAISED')),
      mails: mails.map(({ subject }) => subject.split(':')[0]),
      events: (await readEvents()).map(({ data }) => data.state),
    };
  }

  it.each(['integrations.alert', 'operations.mail', 'operations.webhook_event'])(
    'where it writes to %s leaves nothing, and each alert is raised and resolved once by those that follow',
    async (table) => {
      await setBudget('100');
      await killWhileWriting(stage, table, startWorker);
      expect(await found()).toEqual({ alerts: [], mails: [], events: [] });
      await evaluate();
      const raised = { alerts: ['RAISED'], mails: ['Alert'], events: ['RAISED'] };
      expect(await found()).toEqual(raised);
      await evaluate();
      expect(await found()).toEqual(raised);

      await setBudget('900000000');
      await killWhileWriting(stage, table, startWorker);
      expect(await found()).toEqual(raised);
      await evaluate();
      await evaluate();
      expect(await found()).toEqual({
        alerts: ['RESOLVED'],
        mails: ['Alert', 'Resolved'],
        events: ['RAISED', 'RESOLVED'],
      });
    },
    300_000,
  );
});
