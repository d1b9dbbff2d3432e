import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '#ops/testing/eventually.js';
import { type ApiKeyScope, apiKeyScopes } from '#runtime/identity/api-key-scopes.js';
import type { Identity, Role } from '#runtime/identity/identity.js';
import type { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import type { OpenTransport } from './open-transport.js';

/** An organization that has one of everything. */
export interface Tenant {
  client: Client;
  identity: Identity;
  accessToken: string;
  userId: string;
  organizationId: string;
  subscriptionId: string;
  connectionId: string;
  accountId: string;
  campaignId: string;
  clientId: string;
  annotationId: string;
  /** Shared. */
  savedViewId: string;
  /** READY. */
  reportId: string;
  reportShareId: string;
  /** Paused. */
  reportScheduleId: string;
  reportTemplateId: string;
  apiKeyId: string;
  /** With every scope. */
  apiKey: string;
  webhookEndpointId: string;
  webhookDeliveryId: string;
  /** As `Report.downloadUrl` gave it. */
  downloadUrl: string;
}

const REPORT_ATTEMPTS = 900;
const REPORT_POLL_MS = 100;

/** Returns a report once READY or FAILED. Throws when it takes over 90 s. */
export async function finishedReport(client: Client, id: string) {
  const query = /* GraphQL */ `query ($id: ID!) {
    report(id: $id) { id status progress failure { code message } rowCount downloadUrl clients { id } }
  }`;
  let last: unknown;
  for (let attempt = 0; attempt < REPORT_ATTEMPTS; attempt += 1) {
    const { data, errors } = await client.ask(query, { id });
    if (errors) throw new Error(`Report ${id} cannot be read: ${JSON.stringify(errors)}`);
    if (['READY', 'FAILED', 'CANCELLED'].includes(data.report.status)) return data.report;
    last = data.report;
    await wait(REPORT_POLL_MS);
  }
  throw new Error(`Report ${id} was not finished in time: ${JSON.stringify(last)}`);
}

/** Resolves once jobs have copied the history of every account of an organization. */
export function historiesCopied(client: Client): Promise<void> {
  return eventually('the histories are copied', async () => {
    const { data } = await client.ask('{ organization { accounts { status history { status } } } }');
    return data.organization.accounts.every(
      ({ status, history }: any) => status !== 'ACTIVE' || history?.status === 'COMPLETE',
    );
  });
}

/** Signs a user up, connects both providers, and creates a client with every account and a report. */
export async function openTenant(anyone: Client, name: string): Promise<Tenant> {
  const { client, userId, organizationId, refreshToken } = await anyone.signUp(name);
  for (const providerId of ['google-ads', 'meta-ads']) {
    const response = await client.connect(providerId);
    if (response.status !== 200) throw new Error(`${providerId}: ${response.status} ${await response.text()}`);
  }
  const ask = async (query: string, variables?: Record<string, unknown>) => {
    const { data, errors } = await client.ask(query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const { me } = await ask(/* GraphQL */ `{ me { organization {
    subscription { id } connections { id } accounts { id }
    campaigns(range: { start: "2026-09-01", end: "2026-09-07" }, first: 1) { edges { node { id } } }
  } } }`);
  const { subscription, connections, accounts, campaigns } = me.organization;
  const { createClient } = await ask(
    'mutation ($name: String!, $of: [ID!]!) { createClient(name: $name, accountIds: $of) { client { id } } }',
    { name: `Customer of ${name}`, of: accounts.map(({ id }: { id: string }) => id) },
  );
  const clientId = createClient.client.id;
  const { createAnnotation, createSavedView } = await ask(
    /* GraphQL */ `mutation ($name: String!, $of: ID!) {
      createAnnotation(range: { start: "2026-09-01", end: "2026-09-02" }, text: $name, clientId: $of) { annotation { id } }
      createSavedView(name: $name, isShared: true, performance: { period: LAST_30_DAYS, filter: { clientIds: [$of] } }) {
        savedView { id }
      }
    }`,
    { name: `Note of ${name}`, of: clientId },
  );
  const { generateReport } = await ask(
    /* GraphQL */ `mutation ($range: DateRangeInput!, $of: [ID!]) {
      generateReport(templateId: "campaign-performance", range: $range, clientIds: $of) { report { id } }
    }`,
    { range: { start: '2026-09-01', end: '2026-09-07' }, of: [clientId] },
  );
  const reportId = generateReport.report.id;
  const report = await finishedReport(client, reportId);
  if (report.status !== 'READY') throw new Error(`The report of ${name} was not made: ${JSON.stringify(report)}`);
  const { createReportTemplate } = await ask('mutation { createReportTemplate(name: "Own") { template { id } } }');
  const { createReportShare } = await ask('mutation ($id: ID!) { createReportShare(reportId: $id) { share { id } } }', {
    id: reportId,
  });
  const { createReportSchedule } = await ask(
    /* GraphQL */ `mutation ($of: [ID!], $email: String!) {
      createReportSchedule(templateId: "campaign-performance", recurrence: { every: DAILY }, recipients: [$email], clientIds: $of) {
        schedule { id }
      }
    }`,
    { of: [clientId], email: `customer-${clientId}@shop.example` },
  );
  const reportScheduleId = createReportSchedule.schedule.id;
  await ask('mutation ($id: ID!) { pauseReportSchedule(scheduleId: $id) { schedule { pause } } }', {
    id: reportScheduleId,
  });
  const { createWebhookEndpoint } = await ask(
    'mutation { createWebhookEndpoint(url: "http://127.0.0.1:9/hooks") { endpoint { id } } }',
  );
  const webhookEndpointId = createWebhookEndpoint.endpoint.id;
  // Nothing is sent: the key below is an event that is skipped.
  await ask('mutation ($id: ID!) { disableWebhookEndpoint(endpointId: $id) { endpoint { id } } }', {
    id: webhookEndpointId,
  });
  const { createApiKey } = await ask(
    'mutation ($name: String!, $scopes: [String!]!) { createApiKey(password: "correct horse battery", name: $name, scopes: $scopes) { secret apiKey { id } } }',
    { name: `Key of ${name}`, scopes: apiKeyScopes.map((scope) => scope.name) },
  );
  const { webhookEndpoint } = await ask(
    'query ($id: ID!) { webhookEndpoint(id: $id) { deliveries { edges { node { id } } } } }',
    { id: webhookEndpointId },
  );
  // The client has the first access token; this is another one of the session.
  const { refreshSession } = await ask(
    'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken } }',
    { token: refreshToken },
  );
  return {
    client,
    identity: { kind: 'user', userId, organizationId, role: 'OWNER', scopes: [], requestId: `as-${name}` },
    accessToken: refreshSession.accessToken,
    userId,
    organizationId,
    subscriptionId: subscription.id,
    connectionId: connections[0].id,
    accountId: accounts[0].id,
    campaignId: campaigns.edges[0].node.id,
    clientId,
    annotationId: createAnnotation.annotation.id,
    savedViewId: createSavedView.savedView.id,
    reportId,
    reportShareId: createReportShare.share.id,
    reportScheduleId,
    reportTemplateId: createReportTemplate.template.id,
    apiKeyId: createApiKey.apiKey.id,
    apiKey: createApiKey.secret,
    webhookEndpointId,
    webhookDeliveryId: webhookEndpoint.deliveries.edges[0].node.id,
    downloadUrl: report.downloadUrl,
  };
}

/** An identity of the matrix, as a client and as the gateway passes it to a subgraph. */
export interface Caller {
  client: Client;
  identity: Identity;
}

/** Returns a new member of an organization: with `rights` besides the role, or limited to some clients. */
export async function openMember(
  transport: OpenTransport,
  tenant: Tenant,
  role: Role,
  { clientIds, rights = [] }: Pick<Identity, 'clientIds' | 'rights'> = {},
): Promise<Caller> {
  const { client, userId } = await tenant.client.signUp(role);
  const { organizationId } = tenant;
  await databaseRows(
    transport,
    'INSERT INTO auth.membership (organization_id, person_id, role, client_ids, rights) VALUES ($1, $2, $3, $4, $5)',
    [organizationId, userId, role, clientIds ?? null, rights],
  );
  await databaseRows(transport, 'UPDATE auth.session SET organization_id = $1 WHERE person_id = $2', [
    organizationId,
    userId,
  ]);
  const identity: Identity = { kind: 'user', userId, organizationId, role, scopes: [], requestId: `as-${role}` };
  return { client, identity: { ...identity, ...(clientIds && { clientIds }), ...(rights.length > 0 && { rights }) } };
}

/** Returns a new API key with these scopes; with none, one whose scopes were taken from it. */
export async function openKey(
  transport: OpenTransport,
  anyone: Client,
  { client, organizationId }: Tenant,
  scopes: ApiKeyScope[],
): Promise<Caller> {
  const { data, errors } = await client.ask(
    'mutation ($scopes: [String!]!) { createApiKey(password: "correct horse battery", name: "Matrix", scopes: $scopes) { secret apiKey { id } } }',
    { scopes: scopes.length > 0 ? scopes : ['read:billing'] },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  const { secret, apiKey } = data.createApiKey;
  if (scopes.length === 0)
    await databaseRows(transport, "UPDATE auth.api_key SET scopes = '{}' WHERE id = $1", [apiKey.id]);
  const role = scopes.some((scope) => scope.startsWith('write:')) ? 'ANALYST' : 'VIEWER';
  return {
    client: anyone.as(secret),
    identity: { kind: 'apiKey', apiKeyId: apiKey.id, organizationId, role, scopes, requestId: 'as-key' },
  };
}
