import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, getNamedType, isCompositeType, isObjectType, isRequiredArgument } from 'graphql';
import { decodeJwt } from 'jose';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { GATEWAY_AUDIENCE, REPORT_DOWNLOAD_AUDIENCE } from '#runtime/identity/token-audiences.js';
import { type SubgraphName, schemaFile, subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, type Transport } from './open-transport.js';
import { entityTypesIn } from './schema-walk.js';
import { finishedReport, openMember, openTenant, type Tenant } from './tenant.js';

export const api = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
const range = { start: '2026-09-01', end: '2026-09-07' };

/** With an open invitation, and an alert. */
interface Inviting extends Tenant {
  invitationId: string;
  alertRuleId: string;
  reportRecipientId: string;
  /** Waits for review. */
  reportDeliveryId: string;
  alertId: string;
}

/** How one argument is tried with an id of another organization. */
interface Trial {
  idOf(tenant: Inviting): string;
  /** Gives the id and returns all that comes of it, without what differs from call to call. */
  give(client: Client, id: string, own: Inviting): Promise<unknown>;
}

const outcomeOf = ({ status, data, errors }: Awaited<ReturnType<Client['ask']>>) => ({
  status,
  data,
  errors: errors?.map(({ message, path, extensions: { requestId: _, ...extensions } }: any) => ({
    message,
    path,
    extensions,
  })),
});

const asks =
  (query: string): Trial['give'] =>
  async (client, id) =>
    outcomeOf(await client.ask(query, { id }));

/** Gives the id in the filter of a list of the organization: alone, and beside an own one. */
const filters =
  (field: string, filter: string, ownId: (tenant: Tenant) => string): Trial['give'] =>
  async (client, id, own) => {
    const query = `query ($ids: [ID!]) { organization { ${field}(filter: { ${filter}: $ids }) { totalCount } } }`;
    return [
      outcomeOf(await client.ask(query, { ids: [id] })),
      outcomeOf(await client.ask(query, { ids: [ownId(own), id] })),
    ];
  };

const ofSchedule = (name: string): Trial => ({
  idOf: ({ reportScheduleId }) => reportScheduleId,
  give: asks(`mutation ($id: ID!) { ${name}(scheduleId: $id) { __typename } }`),
});

/** Changes the own schedule with the id as an argument. */
const changesSchedule =
  (argument: string): Trial['give'] =>
  async (client, id, { reportScheduleId: of }) => {
    const { data } = await client.ask('query ($of: ID!) { reportSchedule(id: $of) { version } }', { of });
    const query = `mutation ($of: ID!, $version: Int!, $id: ID!) {
      updateReportSchedule(scheduleId: $of, version: $version, ${argument}) { schedule { name clients { id } owner { id } } } }`;
    return outcomeOf(await client.ask(query, { of, version: data.reportSchedule.version, id }));
  };

const alertRuleOf = (argument: string) =>
  `mutation ($id: ID!) { createAlertRule(kind: NOTHING_SPENT, ${argument}) { rule { id } } }`;
const setBudgetOf = (target: string) =>
  `mutation ($id: ID!) { setBudget(${target}, month: "2026-11-01", amount: { amount: "100", currency: "EUR" }) { budgets { month } } }`;

const previewsFiltered = (field: string) =>
  asks(
    `query ($id: ID!) { previewReport(definition: { sections: [{ kind: PERFORMANCE, filter: { ${field}: [$id] } }] }, rows: 1) {
      sections { totalCount rows { cells } } } }`,
  );

async function clientsOf(client: Client): Promise<unknown> {
  return (await client.ask('{ organization { clients { edges { node { id accounts { id } } } } } }')).data;
}

const KEEP = 'mutation ($ids: [ID!]!) { keepWithinPlan(limit: CLIENTS, ids: $ids) { keptIds } }';

const LIMIT = `mutation ($userId: ID!, $clientIds: [ID!]!) {
  limitMember(userId: $userId, clientIds: $clientIds) { member { user { name } clients { name } } }
}`;

/** Every argument of the API that takes an id; one that is not here fails the test that compares this with the schema. */
export const idArguments: Record<string, Trial | 'not tenant data'> = {
  'Mutation.authorizeConnection(providerId)': 'not tenant data',
  'Mutation.startCheckout(planId)': 'not tenant data',
  'Mutation.changePlan(planId)': 'not tenant data',
  'Query.previewPlanChange(planId)': 'not tenant data',
  'Mutation.generateReport(templateId)': {
    idOf: ({ reportTemplateId }) => reportTemplateId,
    give: asks('mutation ($id: ID!) { generateReport(templateId: $id) { report { title } } }'),
  },
  // What a template names is found out when it is asked: `previewReport` and `generateReport`.
  'Mutation.createReportTemplate(definition.sections.filter.accountIds)': 'not tenant data',
  'Mutation.createReportTemplate(definition.sections.filter.clientIds)': 'not tenant data',
  'Mutation.createReportTemplate(definition.sections.filter.placeIds)': 'not tenant data',
  'Mutation.createReportTemplate(definition.sections.filter.postIds)': 'not tenant data',
  'Mutation.createReportTemplate(definition.sections.filter.providers)': 'not tenant data',
  'Mutation.updateReportTemplate(definition.sections.filter.accountIds)': 'not tenant data',
  'Mutation.updateReportTemplate(definition.sections.filter.clientIds)': 'not tenant data',
  'Mutation.updateReportTemplate(definition.sections.filter.placeIds)': 'not tenant data',
  'Mutation.updateReportTemplate(definition.sections.filter.postIds)': 'not tenant data',
  'Mutation.updateReportTemplate(definition.sections.filter.providers)': 'not tenant data',
  'Organization.reports(filter.templateId)': 'not tenant data',
  'Organization.reports(filter.scheduleId)': 'not tenant data',
  'Organization.reports(filter.clientId)': 'not tenant data',
  'Query.previewReport(templateId)': {
    idOf: ({ reportTemplateId }) => reportTemplateId,
    give: asks('query ($id: ID!) { previewReport(templateId: $id, rows: 1) { title } }'),
  },
  'Query.previewReport(clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: asks(
      'query ($id: ID!) { previewReport(clientIds: [$id], rows: 1) { sections { totalCount rows { cells } } } }',
    ),
  },
  'Query.previewReport(definition.sections.filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: previewsFiltered('clientIds'),
  },
  'Query.previewReport(definition.sections.filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: previewsFiltered('accountIds'),
  },
  'Query.previewReport(definition.sections.filter.providers)': 'not tenant data',
  'Query.previewReport(definition.sections.filter.placeIds)': 'not tenant data',
  'Query.previewReport(definition.sections.filter.postIds)': 'not tenant data',
  'Mutation.updateReportTemplate(templateId)': {
    idOf: ({ reportTemplateId }) => reportTemplateId,
    give: asks(
      'mutation ($id: ID!) { updateReportTemplate(templateId: $id, version: 1, name: "X") { template { name } } }',
    ),
  },
  'Mutation.deleteReportTemplate(templateId)': {
    idOf: ({ reportTemplateId }) => reportTemplateId,
    give: asks('mutation ($id: ID!) { deleteReportTemplate(templateId: $id) { templateId } }'),
  },
  'Mutation.cancelReport(reportId)': {
    idOf: ({ reportId }) => reportId,
    give: asks('mutation ($id: ID!) { cancelReport(reportId: $id) { report { title } } }'),
  },
  'Mutation.retryReport(reportId)': {
    idOf: ({ reportId }) => reportId,
    give: asks('mutation ($id: ID!) { retryReport(reportId: $id) { report { title } } }'),
  },
  'Mutation.deleteReport(reportId)': {
    idOf: ({ reportId }) => reportId,
    give: asks('mutation ($id: ID!) { deleteReport(reportId: $id) { reportId } }'),
  },
  'Mutation.resendInvitation(invitationId)': {
    idOf: ({ invitationId }) => invitationId,
    give: asks('mutation ($id: ID!) { resendInvitation(invitationId: $id) { invitation { email } } }'),
  },
  'Mutation.revokeInvitation(invitationId)': {
    idOf: ({ invitationId }) => invitationId,
    give: asks('mutation ($id: ID!) { revokeInvitation(invitationId: $id) { invitationId } }'),
  },
  'Mutation.changeMemberRole(userId)': {
    idOf: ({ userId }) => userId,
    give: asks('mutation ($id: ID!) { changeMemberRole(userId: $id, role: VIEWER) { member { user { name } } } }'),
  },
  'Mutation.setMemberRights(userId)': {
    idOf: ({ userId }) => userId,
    give: asks('mutation ($id: ID!) { setMemberRights(userId: $id, rights: [BILLING]) { member { user { name } } } }'),
  },
  'Mutation.keepWithinPlan(ids)': {
    idOf: ({ clientId }) => clientId,
    give: async (client, id, { clientId }) => [
      outcomeOf(await client.ask(KEEP, { ids: [id] })),
      outcomeOf(await client.ask(KEEP, { ids: [clientId, id] })),
    ],
  },
  'Mutation.limitMember(userId)': {
    idOf: ({ userId }) => userId,
    give: async (client, id, { clientId }) => outcomeOf(await client.ask(LIMIT, { userId: id, clientIds: [clientId] })),
  },
  'Mutation.limitMember(clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: async (client, id, { userId, clientId }) => [
      outcomeOf(await client.ask(LIMIT, { userId, clientIds: [id] })),
      outcomeOf(await client.ask(LIMIT, { userId, clientIds: [clientId, id] })),
    ],
  },
  'Mutation.liftMemberLimit(userId)': {
    idOf: ({ userId }) => userId,
    give: asks('mutation ($id: ID!) { liftMemberLimit(userId: $id) { member { user { name } } } }'),
  },
  'Mutation.inviteMember(clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: asks(
      'mutation ($id: ID!) { inviteMember(email: "c@example.com", role: VIEWER, clientIds: [$id]) { invitation { id } } }',
    ),
  },
  'Mutation.removeMember(userId)': {
    idOf: ({ userId }) => userId,
    give: asks('mutation ($id: ID!) { removeMember(userId: $id) { userId } }'),
  },
  'Mutation.transferOwnership(userId)': {
    idOf: ({ userId }) => userId,
    give: asks(
      'mutation ($id: ID!) { transferOwnership(userId: $id, password: "correct horse battery") { member { role } } }',
    ),
  },
  'Mutation.switchOrganization(organizationId)': {
    idOf: ({ organizationId }) => organizationId,
    give: asks('mutation ($id: ID!) { switchOrganization(organizationId: $id) { user { organization { name } } } }'),
  },
  'Mutation.leaveOrganization(organizationId)': {
    idOf: ({ organizationId }) => organizationId,
    give: asks('mutation ($id: ID!) { leaveOrganization(organizationId: $id) { organizationId } }'),
  },
  'Mutation.endSession(sessionId)': {
    idOf: ({ accessToken }) => decodeJwt<{ sid: string }>(accessToken).sid,
    give: asks('mutation ($id: ID!) { endSession(sessionId: $id) }'),
  },
  'Query.connection(id)': {
    idOf: ({ connectionId }) => connectionId,
    give: asks('query ($id: ID!) { connection(id: $id) { id status grantedBy accounts { name } } }'),
  },
  'Query.account(id)': {
    idOf: ({ accountId }) => accountId,
    give: async (client, id) =>
      outcomeOf(
        await client.ask(
          'query ($id: ID!, $range: DateRangeInput!) { account(id: $id) { name connection { id } campaigns(range: $range) { totalCount } } }',
          { id, range },
        ),
      ),
  },
  'Query.campaign(id)': {
    idOf: ({ campaignId }) => campaignId,
    give: asks('query ($id: ID!) { campaign(id: $id) { name account { name } } }'),
  },
  'Query.client(id)': {
    idOf: ({ clientId }) => clientId,
    give: asks('query ($id: ID!) { client(id: $id) { name accounts { name } } }'),
  },
  'Query.report(id)': {
    idOf: ({ reportId }) => reportId,
    give: asks(
      'query ($id: ID!) { report(id: $id) { title status downloadUrl createdBy { name } sections { rows(first: 1) { edges { node { cells } } } } } }',
    ),
  },
  'Organization.campaigns(providers)': 'not tenant data',
  'Organization.accounts(providers)': 'not tenant data',
  'Organization.days(providers)': 'not tenant data',
  'Organization.performance(filter.providers)': 'not tenant data',
  'Query.account(providerId)': 'not tenant data',
  'Organization.places(filter.placeIds)': 'not tenant data',
  'Organization.posts(filter.postIds)': 'not tenant data',
  'Account.locations(externalIds)': 'not tenant data',
  'Campaign.ads(adGroupExternalId)': 'not tenant data',
  'Campaign.keywords(adGroupExternalId)': 'not tenant data',
  'Organization.campaigns(accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: async (client, id, own) => {
      const query =
        'query ($ids: [ID!], $range: DateRangeInput!) { organization { campaigns(range: $range, accountIds: $ids) { totalCount } } }';
      return [
        outcomeOf(await client.ask(query, { ids: [id], range })),
        outcomeOf(await client.ask(query, { ids: [own.accountId, id], range })),
      ];
    },
  },
  'Organization.performance(filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: filters('performance', 'accountIds', ({ accountId }) => accountId),
  },
  'Organization.performance(filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: filters('performance', 'clientIds', ({ clientId }) => clientId),
  },
  'Organization.searchQueries(filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: filters('searchQueries', 'accountIds', ({ accountId }) => accountId),
  },
  'Organization.searchQueries(filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: filters('searchQueries', 'clientIds', ({ clientId }) => clientId),
  },
  'Organization.places(filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: filters('places', 'accountIds', ({ accountId }) => accountId),
  },
  'Organization.places(filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: filters('places', 'clientIds', ({ clientId }) => clientId),
  },
  'Organization.posts(filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: filters('posts', 'accountIds', ({ accountId }) => accountId),
  },
  'Organization.posts(filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: filters('posts', 'clientIds', ({ clientId }) => clientId),
  },
  'Organization.budgets(filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: filters('budgets', 'accountIds', ({ accountId }) => accountId),
  },
  'Organization.budgets(filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: filters('budgets', 'clientIds', ({ clientId }) => clientId),
  },
  'Mutation.createAlertRule(clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: asks(alertRuleOf('clientIds: [$id]')),
  },
  'Mutation.createAlertRule(accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: asks(alertRuleOf('accountIds: [$id]')),
  },
  'Mutation.createAlertRule(campaignIds)': {
    idOf: ({ campaignId }) => campaignId,
    give: asks(alertRuleOf('campaignIds: [$id]')),
  },
  'Mutation.createAlertRule(recipientIds)': {
    idOf: ({ userId }) => userId,
    give: asks(alertRuleOf('recipientIds: [$id]')),
  },
  'Mutation.updateAlertRule(ruleId)': {
    idOf: ({ alertRuleId }) => alertRuleId,
    give: asks('mutation ($id: ID!) { updateAlertRule(ruleId: $id, isPaused: true) { rule { name } } }'),
  },
  'Mutation.updateAlertRule(recipientIds)': {
    idOf: ({ userId }) => userId,
    give: async (client, id, own) => {
      const query =
        'mutation ($of: ID!, $id: ID!) { updateAlertRule(ruleId: $of, recipientIds: [$id]) { rule { recipientIds } } }';
      return outcomeOf(await client.ask(query, { of: own.alertRuleId, id }));
    },
  },
  'Mutation.deleteAlertRule(ruleId)': {
    idOf: ({ alertRuleId }) => alertRuleId,
    give: asks('mutation ($id: ID!) { deleteAlertRule(ruleId: $id) { ruleId } }'),
  },
  'Mutation.acknowledgeAlert(alertId)': {
    idOf: ({ alertId }) => alertId,
    give: asks('mutation ($id: ID!) { acknowledgeAlert(alertId: $id) { alert { message } } }'),
  },
  'Mutation.muteAlert(alertId)': {
    idOf: ({ alertId }) => alertId,
    give: asks('mutation ($id: ID!) { muteAlert(alertId: $id) { alert { message } } }'),
  },
  'Mutation.setBudget(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: asks(setBudgetOf('clientId: $id')),
  },
  'Mutation.setBudget(accountId)': {
    idOf: ({ accountId }) => accountId,
    give: asks(setBudgetOf('accountId: $id')),
  },
  'Mutation.setBudget(campaignIds)': {
    idOf: ({ campaignId }) => campaignId,
    give: asks(setBudgetOf('campaignIds: [$id]')),
  },
  'Organization.analytics(filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: filters('analytics', 'accountIds', ({ accountId }) => accountId),
  },
  'Organization.analytics(filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: filters('analytics', 'clientIds', ({ clientId }) => clientId),
  },
  'Organization.days(accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: asks('query ($id: ID!) { organization { days(period: LAST_7_DAYS, accountIds: [$id]) { start } } }'),
  },
  'Organization.campaigns(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: async (client, id) => {
      const query =
        'query ($id: ID, $range: DateRangeInput!) { organization { campaigns(range: $range, clientId: $id) { totalCount } } }';
      return outcomeOf(await client.ask(query, { id, range }));
    },
  },
  'Organization.accounts(clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: async (client, id, own) => {
      const query = 'query ($ids: [ID!]) { organization { accounts(clientIds: $ids) { name } } }';
      return [
        outcomeOf(await client.ask(query, { ids: [id] })),
        outcomeOf(await client.ask(query, { ids: [own.clientId, id] })),
      ];
    },
  },
  'Mutation.disconnect(connectionId)': {
    idOf: ({ connectionId }) => connectionId,
    give: asks('mutation ($id: ID!) { disconnect(connectionId: $id) { connection { id status } } }'),
  },
  'Mutation.checkConnection(connectionId)': {
    idOf: ({ connectionId }) => connectionId,
    give: asks(
      'mutation ($id: ID!) { checkConnection(connectionId: $id) { connection { id status fault { code } } } }',
    ),
  },
  'Organization.caretakers(userId)': {
    idOf: ({ userId }) => userId,
    give: asks('query ($id: ID) { organization { caretakers(userId: $id) { name email } } }'),
  },
  'Mutation.createClient(accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: async (client, id, own) => {
      const query =
        'mutation ($name: String!, $ids: [ID!]!) { createClient(name: $name, accountIds: $ids) { client { id } } }';
      const before = await clientsOf(client);
      const answers = [
        outcomeOf(await client.ask(query, { name: randomUUID(), ids: [id] })),
        outcomeOf(await client.ask(query, { name: randomUUID(), ids: [own.accountId, id] })),
      ];
      expect(await clientsOf(client)).toEqual(before);
      return answers;
    },
  },
  'Mutation.createAnnotation(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: asks(
      'mutation ($id: ID) { createAnnotation(range: { start: "2026-09-01", end: "2026-09-01" }, text: "x", clientId: $id) { annotation { text } } }',
    ),
  },
  'Mutation.createAnnotation(accountId)': {
    idOf: ({ accountId }) => accountId,
    give: asks(
      'mutation ($id: ID) { createAnnotation(range: { start: "2026-09-01", end: "2026-09-01" }, text: "x", accountId: $id) { annotation { text } } }',
    ),
  },
  'Mutation.updateAnnotation(annotationId)': {
    idOf: ({ annotationId }) => annotationId,
    give: asks(
      'mutation ($id: ID!) { updateAnnotation(annotationId: $id, version: 1, text: "x") { annotation { text } } }',
    ),
  },
  'Mutation.deleteAnnotation(annotationId)': {
    idOf: ({ annotationId }) => annotationId,
    give: asks('mutation ($id: ID!) { deleteAnnotation(annotationId: $id) { annotationId } }'),
  },
  'Organization.annotations(filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: asks(
      'query ($id: ID!) { organization { annotations(filter: { clientIds: [$id] }) { edges { node { text } } } } }',
    ),
  },
  'Organization.annotations(filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: asks(
      'query ($id: ID!) { organization { annotations(filter: { accountIds: [$id] }) { edges { node { text } } } } }',
    ),
  },
  'Query.savedView(id)': {
    idOf: ({ savedViewId }) => savedViewId,
    give: asks(
      'query ($id: ID!) { savedView(id: $id) { name question { groupBy } performance { totalCount range { start } } } }',
    ),
  },
  'Mutation.updateSavedView(savedViewId)': {
    idOf: ({ savedViewId }) => savedViewId,
    give: asks(
      'mutation ($id: ID!) { updateSavedView(savedViewId: $id, version: 1, name: "x") { savedView { name } } }',
    ),
  },
  'Mutation.deleteSavedView(savedViewId)': {
    idOf: ({ savedViewId }) => savedViewId,
    give: asks('mutation ($id: ID!) { deleteSavedView(savedViewId: $id) { savedViewId } }'),
  },
  'Mutation.createSavedView(performance.filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: asks(
      'mutation ($id: ID!) { createSavedView(name: "x", performance: { filter: { clientIds: [$id] } }) { savedView { id } } }',
    ),
  },
  'Mutation.updateSavedView(performance.filter.clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: async (client, id, own) =>
      outcomeOf(
        await client.ask(
          'mutation ($of: ID!, $id: ID!) { updateSavedView(savedViewId: $of, version: 1, performance: { filter: { clientIds: [$id] } }) { savedView { id } } }',
          { of: own.savedViewId, id },
        ),
      ),
  },
  'Mutation.createSavedView(performance.filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: asks(
      'mutation ($id: ID!) { createSavedView(name: "x", performance: { filter: { accountIds: [$id] } }) { savedView { id } } }',
    ),
  },
  'Mutation.updateSavedView(performance.filter.accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: async (client, id, own) =>
      outcomeOf(
        await client.ask(
          'mutation ($of: ID!, $id: ID!) { updateSavedView(savedViewId: $of, version: 1, performance: { filter: { accountIds: [$id] } }) { savedView { id } } }',
          { of: own.savedViewId, id },
        ),
      ),
  },
  'Mutation.createSavedView(performance.filter.providers)': 'not tenant data',
  'Mutation.updateSavedView(performance.filter.providers)': 'not tenant data',
  'Mutation.updateClient(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: asks('mutation ($id: ID!) { updateClient(clientId: $id, version: 1, name: "Theirs") { client { name } } }'),
  },
  'Mutation.updateClient(accountIds)': {
    idOf: ({ accountId }) => accountId,
    give: async (client, id, own) => {
      const query =
        'mutation ($of: ID!, $ids: [ID!]) { updateClient(clientId: $of, version: 1, accountIds: $ids) { client { id } } }';
      const before = await clientsOf(client);
      const answers = [
        outcomeOf(await client.ask(query, { of: own.clientId, ids: [id] })),
        outcomeOf(await client.ask(query, { of: own.clientId, ids: [own.accountId, id] })),
      ];
      expect(await clientsOf(client)).toEqual(before);
      return answers;
    },
  },
  'Mutation.archiveClient(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: asks('mutation ($id: ID!) { archiveClient(clientId: $id) { client { archivedAt } } }'),
  },
  'Mutation.restoreClient(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: asks('mutation ($id: ID!) { restoreClient(clientId: $id) { client { name } } }'),
  },
  'Mutation.deleteClient(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: asks('mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }'),
  },
  'Mutation.resetTwoFactor(userId)': {
    idOf: ({ userId }) => userId,
    give: asks('mutation ($id: ID!) { resetTwoFactor(userId: $id) { userId } }'),
  },
  'Mutation.backfillHistory(accountId)': {
    idOf: ({ accountId }) => accountId,
    give: asks('mutation ($id: ID!) { backfillHistory(accountId: $id, from: "2026-01-01") { account { id } } }'),
  },
  'Mutation.cancelHistoryBackfill(accountId)': {
    idOf: ({ accountId }) => accountId,
    give: asks('mutation ($id: ID!) { cancelHistoryBackfill(accountId: $id) { account { id } } }'),
  },
  'Mutation.refreshHistory(accountId)': {
    idOf: ({ accountId }) => accountId,
    give: asks(
      'mutation ($id: ID!) { refreshHistory(accountId: $id, range: { start: "2026-10-01", end: "2026-10-02" }) { account { id } } }',
    ),
  },
  'Mutation.setRestatedDays(accountId)': {
    idOf: ({ accountId }) => accountId,
    give: asks('mutation ($id: ID!) { setRestatedDays(accountId: $id, days: 60) { account { id } } }'),
  },
  'Mutation.rotateApiKey(apiKeyId)': {
    idOf: ({ apiKeyId }) => apiKeyId,
    give: asks('mutation ($id: ID!) { rotateApiKey(password: "correct horse battery", apiKeyId: $id) { secret } }'),
  },
  'Mutation.revokeApiKey(apiKeyId)': {
    idOf: ({ apiKeyId }) => apiKeyId,
    give: asks('mutation ($id: ID!) { revokeApiKey(apiKeyId: $id) { apiKeyId } }'),
  },
  'Query.webhookEndpoint(id)': {
    idOf: ({ webhookEndpointId }) => webhookEndpointId,
    give: asks(
      'query ($id: ID!) { webhookEndpoint(id: $id) { url createdBy { name } deliveries { edges { node { id } } } } }',
    ),
  },
  'Query.webhookDelivery(id)': {
    idOf: ({ webhookDeliveryId }) => webhookDeliveryId,
    give: asks('query ($id: ID!) { webhookDelivery(id: $id) { payload endpoint { url } attempts { status } } }'),
  },
  'Mutation.updateWebhookEndpoint(endpointId)': {
    idOf: ({ webhookEndpointId }) => webhookEndpointId,
    give: asks('mutation ($id: ID!) { updateWebhookEndpoint(endpointId: $id, description: "x") { endpoint { url } } }'),
  },
  'Mutation.deleteWebhookEndpoint(endpointId)': {
    idOf: ({ webhookEndpointId }) => webhookEndpointId,
    give: asks('mutation ($id: ID!) { deleteWebhookEndpoint(endpointId: $id) { endpointId } }'),
  },
  'Mutation.enableWebhookEndpoint(endpointId)': {
    idOf: ({ webhookEndpointId }) => webhookEndpointId,
    give: asks('mutation ($id: ID!) { enableWebhookEndpoint(endpointId: $id) { endpoint { url } } }'),
  },
  'Mutation.disableWebhookEndpoint(endpointId)': {
    idOf: ({ webhookEndpointId }) => webhookEndpointId,
    give: asks('mutation ($id: ID!) { disableWebhookEndpoint(endpointId: $id) { endpoint { url } } }'),
  },
  'Mutation.rotateWebhookSecret(endpointId)': {
    idOf: ({ webhookEndpointId }) => webhookEndpointId,
    give: asks('mutation ($id: ID!) { rotateWebhookSecret(endpointId: $id) { secret } }'),
  },
  'Mutation.sendTestWebhook(endpointId)': {
    idOf: ({ webhookEndpointId }) => webhookEndpointId,
    give: asks('mutation ($id: ID!) { sendTestWebhook(endpointId: $id) { delivery { id } } }'),
  },
  'Mutation.replayFailedWebhooks(endpointId)': {
    idOf: ({ webhookEndpointId }) => webhookEndpointId,
    give: asks(
      'mutation ($id: ID!) { replayFailedWebhooks(endpointId: $id, since: "2026-01-01T00:00:00.000Z") { count } }',
    ),
  },
  'Mutation.replayWebhookDelivery(deliveryId)': {
    idOf: ({ webhookDeliveryId }) => webhookDeliveryId,
    give: asks('mutation ($id: ID!) { replayWebhookDelivery(deliveryId: $id) { delivery { id } } }'),
  },
  'Mutation.cancelWebhookDelivery(deliveryId)': {
    idOf: ({ webhookDeliveryId }) => webhookDeliveryId,
    give: asks('mutation ($id: ID!) { cancelWebhookDelivery(deliveryId: $id) { delivery { id } } }'),
  },
  'Mutation.setBranding(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: asks(
      'mutation ($id: ID!) { setBranding(clientId: $id, input: { footer: "x" }) { branding { client { id } } } }',
    ),
  },
  'Mutation.removeBranding(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: asks('mutation ($id: ID!) { removeBranding(clientId: $id) { branding { version } } }'),
  },
  'Mutation.removeLogo(clientId)': {
    idOf: ({ clientId }) => clientId,
    give: asks('mutation ($id: ID!) { removeLogo(clientId: $id) { branding { client { id } } } }'),
  },
  'Mutation.createReportShare(reportId)': {
    idOf: ({ reportId }) => reportId,
    give: asks('mutation ($id: ID!) { createReportShare(reportId: $id) { share { id report { title } } } }'),
  },
  'Mutation.revokeReportShare(shareId)': {
    idOf: ({ reportShareId }) => reportShareId,
    give: asks('mutation ($id: ID!) { revokeReportShare(shareId: $id) { share { id report { title } } } }'),
  },
  'Query.reportSchedule(id)': {
    idOf: ({ reportScheduleId }) => reportScheduleId,
    give: asks('query ($id: ID!) { reportSchedule(id: $id) { name recipients { email } } }'),
  },
  'Mutation.createReportSchedule(templateId)': 'not tenant data',
  'Mutation.updateReportSchedule(templateId)': 'not tenant data',
  'Mutation.createReportSchedule(clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: asks(
      'mutation ($id: ID!) { createReportSchedule(templateId: "campaign-performance", recurrence: { every: DAILY }, recipients: ["a@shop.example"], clientIds: [$id]) { schedule { name } } }',
    ),
  },
  'Mutation.updateReportSchedule(scheduleId)': {
    idOf: ({ reportScheduleId }) => reportScheduleId,
    give: async (client, id) => {
      const { data } = await client.ask('query ($id: ID!) { reportSchedule(id: $id) { version } }', { id });
      const query =
        'mutation ($id: ID!, $version: Int!) { updateReportSchedule(scheduleId: $id, version: $version, isReviewed: true) { schedule { name } } }';
      return outcomeOf(await client.ask(query, { id, version: data?.reportSchedule?.version ?? 1 }));
    },
  },
  'Mutation.updateReportSchedule(clientIds)': {
    idOf: ({ clientId }) => clientId,
    give: changesSchedule('clientIds: [$id]'),
  },
  'Mutation.updateReportSchedule(ownerId)': { idOf: ({ userId }) => userId, give: changesSchedule('ownerId: $id') },
  'Mutation.resumeReportSchedule(scheduleId)': ofSchedule('resumeReportSchedule'),
  'Mutation.skipNextReportRun(scheduleId)': ofSchedule('skipNextReportRun'),
  'Mutation.pauseReportSchedule(scheduleId)': ofSchedule('pauseReportSchedule'),
  'Mutation.runReportScheduleNow(scheduleId)': ofSchedule('runReportScheduleNow'),
  'Mutation.addReportRecipient(scheduleId)': {
    idOf: ({ reportScheduleId }) => reportScheduleId,
    give: asks(
      'mutation ($id: ID!) { addReportRecipient(scheduleId: $id, email: "b@shop.example") { recipient { state } } }',
    ),
  },
  'Mutation.removeReportRecipient(recipientId)': {
    idOf: ({ reportRecipientId }) => reportRecipientId,
    give: async (client, id, { reportScheduleId: of }) =>
      outcomeOf(
        await client.ask(
          'mutation ($of: ID!, $id: ID!) { removeReportRecipient(scheduleId: $of, recipientId: $id) { schedule { name } } }',
          { of, id },
        ),
      ),
  },
  'Mutation.removeReportRecipient(scheduleId)': {
    idOf: ({ reportScheduleId }) => reportScheduleId,
    give: async (client, id) => {
      // A recipient of it, as far as the caller sees one.
      const read = 'query ($id: ID!) { reportSchedule(id: $id) { recipients { id } } }';
      const add =
        'mutation ($id: ID!) { addReportRecipient(scheduleId: $id, email: "c@shop.example") { recipient { id } } }';
      await client.ask(add, { id });
      const { data } = await client.ask(read, { id });
      const recipientId = data?.reportSchedule?.recipients.at(-1)?.id ?? randomUUID();
      const query =
        'mutation ($id: ID!, $of: ID!) { removeReportRecipient(scheduleId: $id, recipientId: $of) { schedule { name } } }';
      return outcomeOf(await client.ask(query, { id, of: recipientId }));
    },
  },
  'Mutation.rejectReportDelivery(deliveryId)': {
    idOf: ({ reportDeliveryId }) => reportDeliveryId,
    give: asks('mutation ($id: ID!) { rejectReportDelivery(deliveryId: $id) { delivery { state } } }'),
  },
  'Mutation.approveReportDelivery(deliveryId)': {
    idOf: ({ reportDeliveryId }) => reportDeliveryId,
    give: asks('mutation ($id: ID!) { approveReportDelivery(deliveryId: $id) { delivery { state } } }'),
  },
  'Mutation.deleteReportSchedule(scheduleId)': ofSchedule('deleteReportSchedule'),
  'Mutation.generateReport(clientIds)': {
    idOf: ({ clientId }) => clientId,
    // Whether a client exists is found out when the report is made.
    give: async (client, id, own) => {
      const query = /* GraphQL */ `mutation ($range: DateRangeInput!, $ids: [ID!]) {
        generateReport(templateId: "campaign-performance", range: $range, clientIds: $ids) { report { id clients { name } } }
      }`;
      const order = async (ids: string[]) => {
        const { data, errors } = await client.ask(query, { range, ids });
        if (!data) return outcomeOf({ status: 200, data, errors });
        const { id: reportId, clients } = data.generateReport.report;
        const { status, failure, rowCount, downloadUrl } = await finishedReport(client, reportId);
        return { clients, status, failure, rowCount, downloadUrl };
      };
      return [await order([id]), await order([own.clientId, id])];
    },
  },
};

const trials = Object.entries(idArguments).filter((entry): entry is [string, Trial] => typeof entry[1] === 'object');

/** The key of each type of entity; one that is not here fails the test that compares this with the schema. */
export const keyOf: Record<string, ((tenant: Tenant) => string) | 'not tenant data'> = {
  User: ({ userId }) => userId,
  Organization: ({ organizationId }) => organizationId,
  Integration: ({ connectionId }) => connectionId,
  Account: ({ accountId }) => accountId,
  Client: ({ clientId }) => clientId,
  SavedView: ({ savedViewId }) => savedViewId,
  Report: ({ reportId }) => reportId,
  ReportShare: ({ reportShareId }) => reportShareId,
  OrganizationSubscription: ({ subscriptionId }) => subscriptionId,
  ReportTemplate: ({ reportTemplateId }) => reportTemplateId,
  UsageDay: ({ organizationId }) => organizationId,
};

/** The field of the key that names the tenant's own. */
const keyFieldOf = (type: string) => (type === 'UsageDay' ? 'organizationId' : 'id');

const tenantEntities = subgraphNames.flatMap((name) =>
  entityTypesIn(typeDefinitionsOf(name)).flatMap((type) => {
    const key = keyOf[type];
    return typeof key === 'function' ? [{ name, type, key }] : [];
  }),
);

/** Returns a query for an entity that selects every field of its type in this subgraph. */
async function entityQuery(name: SubgraphName, type: string): Promise<string> {
  const { schema } = await subgraphs[name]();
  const object = schema.getType(type);
  const fields = isObjectType(object) ? Object.values(object.getFields()) : [];
  const selections = fields
    .filter(({ args }) => !args.some(isRequiredArgument))
    .map((field) => field.name + (isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''));
  return `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selections.join(' ')} } } }`;
}

const representation = (__typename: string, id: string) => ({
  __typename,
  [keyFieldOf(__typename)]: id,
  ...(__typename === 'UsageDay' && { date: '2026-09-01' }),
  // What billing is given along with the key.
  ...(__typename === 'Organization' && { createdAt: '2026-09-01T00:00:00.000Z', timeZone: 'UTC' }),
});

/** Checks over a transport that neither of two organizations reaches the other. */
export function describeTenants(transportName: Transport): void {
  describe(`two organizations over the transport ${transportName}`, () => {
    let transport: OpenTransport;
    let anyone: Client;
    let ours: Inviting;
    let theirs: Inviting;

    beforeAll(async () => {
      transport = await openTransport(transportName);
      anyone = new Client(transport.url);
      ours = await inviting(await openTenant(anyone, 'Ada'));
      theirs = await inviting(await openTenant(anyone, 'Bea'));
    });
    afterAll(() => transport.close());

    async function inviting(tenant: Tenant): Promise<Inviting> {
      // Inviting requires a confirmed address.
      await databaseRows(transport, 'UPDATE auth.person SET email_verified_at = now() WHERE id = $1', [tenant.userId]);
      const { data, errors } = await tenant.client.ask(
        'mutation ($email: String!) { inviteMember(email: $email, role: VIEWER) { invitation { id } } }',
        { email: `invited-${randomUUID()}@example.com` },
      );
      expect(errors).toBeUndefined();
      const made = await tenant.client.ask('mutation { createAlertRule(kind: NOTHING_SPENT) { rule { id } } }');
      const alertRuleId = made.data.createAlertRule.rule.id;
      const [alert] = await databaseRows(
        transport,
        `INSERT INTO integrations.alert (organization_id, rule_id, kind, target_key, target, message, account_ids, raised_at)
         VALUES ($1, $2, 'NOTHING_SPENT', 'account', 'Account', 'Nothing was spent.', '{}', now()) RETURNING id`,
        [tenant.organizationId, alertRuleId],
      );
      const [delivery] = await databaseRows(
        transport,
        `INSERT INTO reporting.report_delivery (organization_id, schedule_id, due_at, is_extra, state, report_id, created_at)
         VALUES ($1, $2, now(), false, 'WAITING_REVIEW', $3, now()) RETURNING id`,
        [tenant.organizationId, tenant.reportScheduleId, tenant.reportId],
      );
      const { addReportRecipient } = (
        await tenant.client.ask(
          `mutation ($id: ID!) { addReportRecipient(scheduleId: $id, email: "second@shop.example") { recipient { id } } }`,
          { id: tenant.reportScheduleId },
        )
      ).data;
      return {
        ...tenant,
        invitationId: data.inviteMember.invitation.id,
        alertRuleId,
        alertId: alert.id,
        reportDeliveryId: delivery.id,
        reportRecipientId: addReportRecipient.recipient.id,
      };
    }

    /** Everything of an organization that a client can change. */
    async function stateOf({ client }: Tenant): Promise<unknown> {
      const { data, errors } = await client.ask(/* GraphQL */ `{
      me { id name email role organization { id name subscription { id status } } }
      organization {
        members { edges { node { role user { id } } } }
        invitations { id email role expiresAt }
        apiKeys { id name prefix previousSecretUntil expiresAt }
        webhookEndpoints {
          id url description isEnabled previousSecretUntil deliveries { edges { node { id eventId state } } }
        }
        connections { id status reason scopes accounts { id name status } }
        clients(includeArchived: true) { edges { node { id name version accounts { id } } } }
        annotations { edges { node { id text version } } }
        savedViews { edges { node { id name version } } }
        reports { edges { node { id status rowCount } } }
        reportTemplates { id version name }
      }
    }`);
      expect(errors).toBeUndefined();
      return data;
    }

    /** Sends an operation to one subgraph as the gateway would for an identity. */
    async function askSubgraph(name: SubgraphName, query: string, variables: Record<string, unknown>, as: Identity) {
      const url = transport.subgraphUrls[name];
      if (!url) {
        const local = transport.local.find((subgraph) => subgraph.name === name);
        if (!local) throw new Error(`${name} does not run here`);
        const { data, errors } = await local.execute({ query, variables }, as);
        return JSON.parse(JSON.stringify({ data, errors }));
      }
      const token = await transport.base.internalSigner.sign(as, name);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      expect(response.status).toBe(200);
      return response.json() as any;
    }

    describe('an id of the other one', () => {
      it.each(trials)('is answered in %s like one that does not exist', async (_name, { idOf, give }) => {
        const before = await stateOf(theirs);
        const unknown = await give(ours.client, randomUUID(), ours);
        const id = idOf(theirs);
        expect(await give(ours.client, id, ours)).toEqual(unknown);
        expect(await give(ours.client, id.toUpperCase(), ours)).toEqual(unknown);
        expect(await stateOf(theirs)).toEqual(before);
        // The test would prove nothing if the id did not work for those it belongs to.
        expect(JSON.stringify(unknown)).toMatch(/NOT_FOUND/);
      });

      it.each(trials.filter(([name]) => name.startsWith('Query.')))(
        'works in %s for those it belongs to',
        async (_name, { idOf, give }) => {
          expect(await give(theirs.client, idOf(theirs), theirs)).toMatchObject({ status: 200, errors: undefined });
        },
      );

      it('is of no use as a cursor: only one’s own comes after it', async () => {
        const lists = /* GraphQL */ `query ($clients: String, $reports: String, $report: ID!, $rows: String) {
        organization {
          clients(after: $clients) { edges { cursor node { id } } }
          reports(after: $reports) { edges { cursor node { id } } }
        }
        report(id: $report) { rows(section: "performance", first: 1, after: $rows) { edges { cursor node { cells } } } }
      }`;
        const { data: foreign } = await theirs.client.ask(lists, { report: theirs.reportId });
        const { data: own } = await ours.client.ask(lists, { report: ours.reportId });
        const cursorOf = (list: { edges: { cursor: string }[] }) => list.edges[0]?.cursor;
        const { data } = await ours.client.ask(lists, {
          clients: cursorOf(foreign.organization.clients),
          reports: cursorOf(foreign.organization.reports),
          report: ours.reportId,
          rows: cursorOf(foreign.report.rows),
        });
        const ids = (list: { edges: { node: { id: string } }[] }) => list.edges.map(({ node }) => node.id);
        for (const list of ['clients', 'reports']) {
          for (const id of ids(data.organization[list])) expect(ids(own.organization[list])).toContain(id);
        }
      });
    });

    describe('the key of an entity', () => {
      it.each(tenantEntities)('$type of $name loads nothing of the other one', async ({ name, type, key }) => {
        const query = await entityQuery(name, type);
        const load = (id: string, identity: Identity) =>
          askSubgraph(name, query, { of: [representation(type, id)] }, identity);
        const serviceOfOurs: Identity = {
          kind: 'service',
          organizationId: ours.organizationId,
          scopes: [],
          requestId: ours.identity.requestId,
        };
        for (const identity of [ours.identity, serviceOfOurs]) {
          const unknown = await load(randomUUID(), identity);
          expect(unknown).toEqual({ data: { _entities: [null] } });
          expect(await load(key(theirs), identity)).toEqual(unknown);
          expect(await load('nonsense', identity)).toEqual(unknown);
        }
        // Mixed with one's own, in one call: the neighbour changes nothing.
        const mixed = await askSubgraph(
          name,
          query,
          { of: [representation(type, key(theirs)), representation(type, key(ours))] },
          ours.identity,
        );
        expect(mixed.errors).toBeUndefined();
        expect(mixed.data).toEqual({ _entities: [null, expect.objectContaining({ [keyFieldOf(type)]: key(ours) })] });
      });

      it.each(tenantEntities)('$type of $name loads nothing without an organization', async ({ name, type, key }) => {
        const query = await entityQuery(name, type);
        for (const identity of [anonymous('nobody'), { ...anonymous('nobody'), kind: 'service' as const }]) {
          const { data, errors } = await askSubgraph(
            name,
            query,
            { of: [representation(type, key(theirs))] },
            identity,
          );
          expect(data ?? null).toBeNull();
          expect(errors[0].extensions.code).toBe('UNAUTHENTICATED');
        }
      });
    });

    describe('the CSV file of a report', () => {
      const fetchReport = async (id: string, headers: Record<string, string> = {}, token?: string) => {
        const response = await fetch(`${transport.url}/reports/${id}/download.csv${token ? `?token=${token}` : ''}`, {
          headers,
        });
        const text = await response.text();
        return { status: response.status, text: text.replace(/"requestId":"[^"]+"/, '') };
      };
      const tokenOf = ({ downloadUrl }: Tenant) => new URL(downloadUrl).searchParams.get('token') as string;

      it('is for its organization: for another it does not exist', async () => {
        const authorization = `Bearer ${ours.accessToken}`;
        const own = await fetchReport(ours.reportId, { authorization });
        expect(own.status).toBe(200);
        expect(own.text.split('\r\n').length).toBeGreaterThan(2);
        const unknown = await fetchReport(randomUUID(), { authorization });
        expect(unknown.status).toBe(404);
        expect(await fetchReport(theirs.reportId, { authorization })).toEqual(unknown);
      });

      it('is answered to any holder of its link, which opens no other report', async () => {
        expect((await fetchReport(ours.reportId, {}, tokenOf(ours))).status).toBe(200);
        expect((await fetchReport(theirs.reportId, {}, tokenOf(ours))).status).toBe(401);
        expect((await fetchReport(randomUUID(), {}, tokenOf(ours))).status).toBe(401);
      });

      it('is refused by the link of a member who was removed meanwhile', async () => {
        const { client, identity } = await openMember(transport, ours, 'ADMIN');
        const { downloadUrl } = await finishedReport(client, ours.reportId);
        expect((await fetch(downloadUrl)).status).toBe(200);
        const remove = 'mutation ($id: ID!) { removeMember(userId: $id) { userId } }';
        expect((await ours.client.ask(remove, { id: identity.userId })).errors).toBeUndefined();
        expect((await fetch(downloadUrl)).status).toBe(401);
        expect((await fetchReport(ours.reportId, {}, tokenOf(ours))).status).toBe(200);
      });

      it('is refused to a forged link', async () => {
        const { internalSigner, accessTokenSigner } = transport.base;
        const claims = { organizationId: theirs.organizationId, reportId: theirs.reportId };
        const tokens = [
          'nonsense',
          ours.accessToken,
          await accessTokenSigner.signClaims(claims, REPORT_DOWNLOAD_AUDIENCE, 60),
          await internalSigner.signClaims(claims, GATEWAY_AUDIENCE, 60),
          await internalSigner.signClaims(claims, REPORT_DOWNLOAD_AUDIENCE, -60),
        ];
        for (const token of tokens) expect((await fetchReport(theirs.reportId, {}, token)).status).toBe(401);
        // Our organization in the claims, their report: the link is ours, the report is not.
        const ourClaims = { organizationId: ours.organizationId, reportId: theirs.reportId };
        const signed = await internalSigner.signClaims(ourClaims, REPORT_DOWNLOAD_AUDIENCE, 60);
        expect((await fetchReport(theirs.reportId, {}, signed)).status).toBe(404);
      });

      it('is refused without credentials, and its link is no credential for anything else', async () => {
        expect((await fetchReport(ours.reportId)).status).toBe(401);
        const { status, code } = await anyone.as(tokenOf(ours)).ask('{ organization { name } }');
        expect({ status, code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
      });
    });

    it('each client gets its own data, whatever identity it claims in headers', async () => {
      const headers = {
        authorization: `Bearer ${ours.accessToken}`,
        'x-user-id': theirs.userId,
        'x-organization-id': theirs.organizationId,
        'x-role': 'OWNER',
      };
      const { data } = await new Client(transport.url, headers).ask('{ me { id organization { id } } }');
      expect(data.me).toEqual({ id: ours.userId, organization: { id: ours.organizationId } });
    });

    it('disconnecting in one leaves the other connected, though the same person consented to both', async () => {
      const leaving = await openTenant(anyone, 'Cleo');
      const before = await stateOf(theirs);
      const { data } = await leaving.client.ask('{ organization { connections { id } } }');
      for (const { id } of data.organization.connections) {
        const { errors } = await leaving.client.ask(
          'mutation ($id: ID!) { disconnect(connectionId: $id) { connection { status } } }',
          { id },
        );
        expect(errors).toBeUndefined();
      }
      expect(await stateOf(theirs)).toEqual(before);
      const campaigns = await theirs.client.ask(
        'query ($range: DateRangeInput!) { organization { accounts { campaigns(range: $range) { totalCount } } } }',
        { range: { start: '2026-08-01', end: '2026-08-07' } },
      );
      expect(campaigns.errors).toBeUndefined();
    });
  });
}
