import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { eventually } from '#ops/testing/eventually.js';
import { ENTITLEMENT_CACHE_MS } from '#runtime/entitlements/entitlements.js';
import type { LimitName } from '#runtime/entitlements/plans.js';
import { schemaFile } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';
import { openMember, openTenant, type Tenant } from './tenant.js';

/** The mutations that add what a plan limits. */
const adding = {
  inviteMember: 'MEMBERS',
  resendInvitation: 'MEMBERS',
  acceptInvitation: 'MEMBERS',
  completeConnection: 'CONNECTIONS',
  createClient: 'CLIENTS',
  restoreClient: 'CLIENTS',
  generateReport: 'REPORTS_PER_MONTH',
  retryReport: 'REPORTS_PER_MONTH',
  runReportScheduleNow: 'SCHEDULES',
  createReportSchedule: 'SCHEDULES',
  resumeReportSchedule: 'SCHEDULES',
  backfillHistory: 'HISTORY_DAYS',
} satisfies Record<string, LimitName>;

/** Every other mutation, by the reason. */
const addingNothing: Record<string, string> = {
  'an organization begins with its owner, whom every plan includes': 'signUp completeSignUp createOrganization',
  'persons, their sessions and accounts are not limited':
    'logIn refreshSession switchOrganization exportMyData deleteAccount logOut verifyEmail resendVerification requestPasswordReset ' +
    'resetPassword changePassword changeEmail confirmEmailChange stopEmailChange declineMail endSession endOtherSessions ' +
    'logOutEverywhere completeLogIn startTwoFactor confirmTwoFactor disableTwoFactor regenerateRecoveryCodes resetTwoFactor requireTwoFactor',
  'it changes or removes members':
    'revokeInvitation changeMemberRole limitMember liftMemberLimit setMemberRights removeMember leaveOrganization transferOwnership',
  'it changes the organization': 'updateOrganization deleteOrganization cancelOrganizationDeletion',
  'keys and webhooks are limited alike in every plan':
    'createApiKey rotateApiKey revokeApiKey createWebhookEndpoint updateWebhookEndpoint deleteWebhookEndpoint enableWebhookEndpoint ' +
    'disableWebhookEndpoint rotateWebhookSecret sendTestWebhook replayWebhookDelivery replayFailedWebhooks cancelWebhookDelivery',
  'it chooses or pays the plan':
    'keepWithinPlan startCheckout openBillingPortal changePlan cancelSubscription resumeSubscription pauseSubscription applyPromotionCode',
  'the consent is completed by completeConnection': 'authorizeConnection',
  'it changes, reads or removes what is connected':
    'disconnect checkConnection updateClient archiveClient deleteClient cancelHistoryBackfill refreshHistory setRestatedDays',
  'what is made of figures is limited alike in every plan':
    'createAlertRule updateAlertRule deleteAlertRule acknowledgeAlert muteAlert createAnnotation updateAnnotation deleteAnnotation setBudget ' +
    'createSavedView updateSavedView deleteSavedView createReportShare revokeReportShare setReportSummary setBranding removeBranding ' +
    'removeLogo createReportTemplate updateReportTemplate deleteReportTemplate addReportRecipient removeReportRecipient',
  'it changes or removes reports and schedules':
    'cancelReport deleteReport updateReportSchedule pauseReportSchedule deleteReportSchedule skipNextReportRun approveReportDelivery rejectReportDelivery',
};

it('each mutation adds what a plan limits, or nothing for a reason', () => {
  const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
  const fields = Object.keys(schema.getMutationType()?.getFields() ?? {});
  const listed = [...Object.keys(adding), ...Object.values(addingNothing).flatMap((text) => text.split(' '))];
  expect(listed.sort()).toEqual(fields.sort());
});

describe.each(transports)('a plan over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let tenant: Tenant;
  let member: Client;
  let owner: Client;
  const own = { archivedId: '', secondClientId: '', invitationId: '', token: 'open' };

  const rows = (statement: string, values: unknown[] = []) => databaseRows(transport, statement, values);
  const done = async (query: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await owner.ask(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };
  const limitOf = ({ errors }: { errors?: any[] }) =>
    errors?.[0]?.extensions.limit?.name ?? errors?.[0]?.extensions.code;
  const give = (planId: string, access = 'FULL') =>
    rows(
      'UPDATE operations.entitlement SET plan_id = $2, access = $3, next_at = NULL, next_plan_id = NULL, next_access = NULL WHERE organization_id = $1',
      [tenant.organizationId, planId, access],
    );
  /** Which clients can only be read. */
  const clients = async () => {
    const { organization } = await done('{ organization { clients(first: 10) { edges { node { id isReadOnly } } } } }');
    return Object.fromEntries(organization.clients.edges.map(({ node }: any) => [node.id, node.isReadOnly]));
  };
  /** Entitlements are cached for ten seconds, by each process for itself: one of them shows it, the others have it then. */
  const takesEffect = async (clientId: string) => {
    const others = transportName === 'http' ? wait(ENTITLEMENT_CACHE_MS) : undefined;
    await eventually('a client can only be read', async () => (await clients())[clientId] === true);
    await others;
  };

  const CREATE = 'mutation ($name: String!) { createClient(name: $name, accountIds: []) { client { id } } }';
  const INVITE = 'mutation ($email: String!) { inviteMember(email: $email, role: VIEWER) { invitation { id } } }';
  const SCHEDULE = `mutation { createReportSchedule(templateId: "campaign-performance", recurrence: { every: DAILY },
    recipients: ["customer@shop.example"]) { schedule { id } } }`;
  const ORDER = `mutation { generateReport(templateId: "campaign-performance", period: LAST_7_DAYS) { report { id } } }`;

  beforeAll(async () => {
    transport = await openTransport(transportName, { RATE_LIMIT_SIGNED_IN: '100000' });
    tenant = await openTenant(new Client(transport.url), 'Agency');
    owner = tenant.client;
    member = (await openMember(transport, tenant, 'ADMIN')).client;
    own.secondClientId = (await done(CREATE, { name: 'Second' })).createClient.client.id;
    own.archivedId = (await done(CREATE, { name: 'Archived' })).createClient.client.id;
    await done('mutation ($id: ID!) { archiveClient(clientId: $id) { client { id } } }', { id: own.archivedId });
    await rows('UPDATE auth.person SET email_verified_at = now()');
    for (const email of ['expired@shop.example', 'open@shop.example']) {
      own.invitationId ||= (await done(INVITE, { email })).inviteMember.invitation.id;
      if (email.startsWith('open')) await done(INVITE, { email });
    }
    await rows("UPDATE auth.invitation SET sent_at = now() - interval '1 hour', expires_at = now() WHERE id = $1", [
      own.invitationId,
    ]);
    await rows(
      "UPDATE auth.invitation SET token_hash = encode(sha256($1::bytea), 'hex') WHERE email = 'open@shop.example'",
      [own.token],
    );
    await rows(
      `INSERT INTO reporting.report_order (organization_id, report_id, ordered_at)
       SELECT $1, gen_random_uuid(), now() FROM generate_series(1, 5)`,
      [tenant.organizationId],
    );
    await give('free');
    await takesEffect(own.secondClientId);
  });
  afterAll(() => transport?.close());

  it('refuses each mutation that adds more than it includes, with the limit', async () => {
    await rows("UPDATE reporting.report SET status = 'FAILED' WHERE id = $1", [tenant.reportId]);
    const connect = async () => (await owner.connect('linkedin-ads')).json() as Promise<any>;
    const of =
      (name: string, argument: string, id: string, more = '') =>
      () =>
        owner.ask(`mutation ($id: ID!) { ${name}(${argument}: $id${more}) { __typename } }`, { id });
    const scheduleId = tenant.reportScheduleId;
    const { organization } = await done('{ organization { accounts { id isReadOnly } } }');
    const accountId = organization.accounts.find(({ isReadOnly }: any) => !isReadOnly).id;
    const attempts: Record<keyof typeof adding, () => Promise<any>> = {
      inviteMember: () => owner.ask(INVITE, { email: 'more@shop.example' }),
      resendInvitation: of('resendInvitation', 'invitationId', own.invitationId),
      acceptInvitation: () =>
        new Client(transport.url).ask(
          'mutation ($token: String!) { acceptInvitation(token: $token, name: "Open", password: "correct horse battery") { email } }',
          { token: own.token },
        ),
      completeConnection: connect,
      createClient: () => owner.ask(CREATE, { name: 'One more' }),
      restoreClient: of('restoreClient', 'clientId', own.archivedId),
      generateReport: () => owner.ask(ORDER),
      retryReport: of('retryReport', 'reportId', tenant.reportId),
      createReportSchedule: () => owner.ask(SCHEDULE),
      resumeReportSchedule: of('resumeReportSchedule', 'scheduleId', scheduleId),
      runReportScheduleNow: of('runReportScheduleNow', 'scheduleId', scheduleId),
      backfillHistory: of('backfillHistory', 'accountId', accountId, ', from: "2026-01-15"'),
    };
    const found: Record<string, unknown> = {};
    for (const [name, attempt] of Object.entries(attempts)) found[name] = limitOf(await attempt());
    expect(found).toEqual(adding);
  });

  it('holds for REST and for API keys, too', async () => {
    for (const authorization of [owner.headers.authorization, `Bearer ${tenant.apiKey}`]) {
      const response = await fetch(new URL('/api/clients', transport.url), {
        method: 'POST',
        headers: { authorization: authorization as string, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'One more', accountIds: [] }),
      });
      const body = (await response.json()) as any;
      expect([response.status >= 400, body.code, body.limit?.name]).toEqual([true, 'LIMIT_REACHED', 'CLIENTS']);
    }
  });

  it('lets an owner choose what stays; the rest can only be read, and says so', async () => {
    const KEEP = 'mutation ($limit: LimitName!, $ids: [ID!]!) { keepWithinPlan(limit: $limit, ids: $ids) { keptIds } }';
    expect(await clients()).toEqual({ [tenant.clientId]: false, [own.secondClientId]: true });
    const tooMany = { limit: 'CLIENTS', ids: [tenant.clientId, own.secondClientId] };
    expect(await owner.ask(KEEP, tooMany)).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await owner.ask(KEEP, { limit: 'CLIENTS', ids: [tenant.userId] })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await owner.ask(KEEP, { limit: 'HISTORY_DAYS', ids: [] })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await member.ask(KEEP, { limit: 'CLIENTS', ids: [] })).toMatchObject({ code: 'FORBIDDEN' });
    await done(KEEP, { limit: 'CLIENTS', ids: [own.secondClientId] });
    await takesEffect(tenant.clientId);
    expect(await clients()).toEqual({ [tenant.clientId]: true, [own.secondClientId]: false });
    for (const [limit, field] of [
      ['CONNECTIONS', 'connectionId'],
      ['ACCOUNTS', 'accountId'],
      ['MEMBERS', 'userId'],
    ] as const) {
      expect((await done(KEEP, { limit, ids: [tenant[field]] })).keepWithinPlan.keptIds).toEqual([tenant[field]]);
    }
    const ofMember = await member.ask('{ me { id } }');
    expect(await owner.ask(KEEP, { limit: 'MEMBERS', ids: [ofMember.data.me.id] })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    const [event] = await rows(
      "SELECT after FROM operations.audit_event WHERE organization_id = $1 AND action = 'plan.kept' ORDER BY occurred_at LIMIT 1",
      [tenant.organizationId],
    );
    expect(event.after).toEqual({ limit: 'CLIENTS', ids: [own.secondClientId] });

    const renames = 'mutation { updateOrganization(name: "Agency") { organization { id } } }';
    expect(await member.ask(renames)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await owner.ask(renames)).errors).toBeUndefined();
  });
});
