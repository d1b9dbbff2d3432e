import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { decodeJwt } from 'jose';
import { ANONYMOUS_MUTATIONS } from '#gateway/limits/presented.js';
import { hashApiKey, newApiKey } from '#runtime/identity/api-key.js';
import { apiKeyIdentityCache } from '#runtime/identity/api-key-identity.js';
import type { Role } from '#runtime/identity/identity.js';
import { type SessionIdentity, sessionIdentityCache } from '#runtime/identity/session-identity.js';
import { schemaFile } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, type Transport } from './open-transport.js';
import { rootFieldsIn } from './schema-walk.js';

export const api = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
export const rootFields = rootFieldsIn(api);
export const forAnyone = [
  'Query.plans',
  'Query.invitation',
  'Mutation.acceptInvitation',
  'Mutation.signUp',
  'Mutation.completeSignUp',
  'Mutation.logIn',
  'Mutation.refreshSession',
  'Mutation.completeLogIn',
  // With a token from a mail, or to be sent one.
  'Mutation.verifyEmail',
  'Mutation.requestPasswordReset',
  'Mutation.resetPassword',
  'Mutation.confirmEmailChange',
  'Mutation.stopEmailChange',
  'Mutation.declineMail',
];

/** Open to the right BILLING, too. */
const ofBilling = [
  'Mutation.keepWithinPlan',
  'Mutation.startCheckout',
  'Mutation.openBillingPortal',
  'Mutation.changePlan',
  'Mutation.cancelSubscription',
  'Mutation.resumeSubscription',
  'Mutation.pauseSubscription',
  'Mutation.applyPromotionCode',
];

/** The weakest role that may; a mutation that is not here fails the test that compares this with the schema. */
export const roleNeeded: Record<string, Role> = {
  ...Object.fromEntries(ofBilling.map((name) => [name, 'OWNER' as const])),
  'Mutation.logOut': 'VIEWER',
  'Mutation.leaveOrganization': 'VIEWER',
  'Mutation.switchOrganization': 'VIEWER',
  'Mutation.createOrganization': 'VIEWER',
  'Mutation.inviteMember': 'ADMIN',
  'Mutation.resendInvitation': 'ADMIN',
  'Mutation.revokeInvitation': 'ADMIN',
  'Mutation.changeMemberRole': 'ADMIN',
  'Mutation.limitMember': 'ADMIN',
  'Mutation.liftMemberLimit': 'ADMIN',
  'Mutation.setMemberRights': 'OWNER',
  'Mutation.removeMember': 'ADMIN',
  'Mutation.updateOrganization': 'ADMIN',
  'Mutation.transferOwnership': 'OWNER',
  'Mutation.exportMyData': 'VIEWER',
  'Mutation.deleteAccount': 'VIEWER',
  'Mutation.deleteOrganization': 'OWNER',
  'Mutation.cancelOrganizationDeletion': 'OWNER',
  'Mutation.logOutEverywhere': 'VIEWER',
  'Mutation.endSession': 'VIEWER',
  'Mutation.endOtherSessions': 'VIEWER',
  'Mutation.resendVerification': 'VIEWER',
  'Mutation.changePassword': 'VIEWER',
  'Mutation.changeEmail': 'VIEWER',
  'Mutation.createClient': 'ANALYST',
  'Mutation.createAnnotation': 'ANALYST',
  'Mutation.updateAnnotation': 'ANALYST',
  'Mutation.deleteAnnotation': 'ANALYST',
  'Mutation.createSavedView': 'VIEWER',
  'Mutation.updateSavedView': 'VIEWER',
  'Mutation.deleteSavedView': 'VIEWER',
  'Mutation.updateClient': 'ANALYST',
  'Mutation.archiveClient': 'ANALYST',
  'Mutation.restoreClient': 'ANALYST',
  'Mutation.deleteClient': 'ANALYST',
  'Mutation.setBudget': 'ANALYST',
  'Mutation.createAlertRule': 'ANALYST',
  'Mutation.updateAlertRule': 'ANALYST',
  'Mutation.deleteAlertRule': 'ANALYST',
  'Mutation.acknowledgeAlert': 'ANALYST',
  'Mutation.muteAlert': 'ANALYST',
  'Mutation.generateReport': 'ANALYST',
  'Mutation.cancelReport': 'ANALYST',
  'Mutation.retryReport': 'ANALYST',
  'Mutation.deleteReport': 'ANALYST',
  'Mutation.createReportTemplate': 'ANALYST',
  'Mutation.updateReportTemplate': 'ANALYST',
  'Mutation.deleteReportTemplate': 'ANALYST',
  'Mutation.createReportShare': 'ANALYST',
  'Mutation.revokeReportShare': 'ANALYST',
  'Mutation.setReportSummary': 'ADMIN',
  'Mutation.createReportSchedule': 'ANALYST',
  'Mutation.updateReportSchedule': 'ANALYST',
  'Mutation.pauseReportSchedule': 'ANALYST',
  'Mutation.resumeReportSchedule': 'ANALYST',
  'Mutation.deleteReportSchedule': 'ANALYST',
  'Mutation.runReportScheduleNow': 'ANALYST',
  'Mutation.skipNextReportRun': 'ANALYST',
  'Mutation.approveReportDelivery': 'ANALYST',
  'Mutation.rejectReportDelivery': 'ANALYST',
  'Mutation.addReportRecipient': 'ANALYST',
  'Mutation.removeReportRecipient': 'ANALYST',
  'Mutation.setBranding': 'ADMIN',
  'Mutation.removeBranding': 'ADMIN',
  'Mutation.removeLogo': 'ADMIN',
  'Mutation.authorizeConnection': 'ADMIN',
  'Mutation.completeConnection': 'ADMIN',
  'Mutation.disconnect': 'ADMIN',
  'Mutation.startTwoFactor': 'VIEWER',
  'Mutation.confirmTwoFactor': 'VIEWER',
  'Mutation.disableTwoFactor': 'VIEWER',
  'Mutation.regenerateRecoveryCodes': 'VIEWER',
  'Mutation.resetTwoFactor': 'ADMIN',
  'Mutation.requireTwoFactor': 'ADMIN',
  'Mutation.backfillHistory': 'ADMIN',
  'Mutation.cancelHistoryBackfill': 'ADMIN',
  'Mutation.refreshHistory': 'ADMIN',
  'Mutation.setRestatedDays': 'ADMIN',
  'Mutation.checkConnection': 'ANALYST',
  'Mutation.createApiKey': 'ADMIN',
  'Mutation.rotateApiKey': 'ADMIN',
  'Mutation.revokeApiKey': 'ADMIN',
  'Mutation.createWebhookEndpoint': 'ADMIN',
  'Mutation.updateWebhookEndpoint': 'ADMIN',
  'Mutation.deleteWebhookEndpoint': 'ADMIN',
  'Mutation.enableWebhookEndpoint': 'ADMIN',
  'Mutation.disableWebhookEndpoint': 'ADMIN',
  'Mutation.rotateWebhookSecret': 'ADMIN',
  'Mutation.sendTestWebhook': 'ADMIN',
  'Mutation.replayWebhookDelivery': 'ADMIN',
  'Mutation.replayFailedWebhooks': 'ADMIN',
  'Mutation.cancelWebhookDelivery': 'ADMIN',
};

const range = { start: '2026-09-01', end: '2026-09-30' };

/** Checks over a transport that each rule holds. */
export function describePermissions(transportName: Transport): void {
  describe(`over the transport ${transportName}`, () => {
    let transport: OpenTransport;
    let anyone: Client;

    beforeAll(async () => {
      transport = await openTransport(transportName);
      anyone = new Client(transport.url);
    });
    afterAll(() => transport.close());

    describe('rights that are still cached', () => {
      const RENAME = 'mutation { updateOrganization(name: "Mine") { organization { id } } }';
      const sessionOf = ({ headers }: Client) =>
        decodeJwt(headers.authorization?.slice('Bearer '.length) ?? '').sid as string;
      const remember = (sid: string, identity: SessionIdentity) =>
        sessionIdentityCache(transport.base.cache).set(sid, identity, 60_000);

      it('change nothing: a mutation relies on the role and the organization in the database', async () => {
        const [ours, theirs] = [await anyone.signUp('Ours'), await anyone.signUp('Theirs')];
        const identity = {
          userId: ours.userId,
          organizationId: theirs.organizationId,
          rights: [],
          mustSetUpTwoFactor: false,
          clientIds: null,
          isReadOnly: false,
        };
        await remember(sessionOf(ours.client), { ...identity, role: 'OWNER' });
        const renamed = await ours.client.ask(RENAME);
        expect(renamed.data.updateOrganization.organization.id).toBe(ours.organizationId);

        const demote = 'UPDATE auth.membership SET role = $2 WHERE person_id = $1';
        await databaseRows(transport, demote, [ours.userId, 'VIEWER']);
        await remember(sessionOf(ours.client), { ...identity, organizationId: ours.organizationId, role: 'OWNER' });
        expect(await ours.client.ask(RENAME)).toMatchObject({ code: 'FORBIDDEN' });
      });

      it('of a session that has ended are refused with 401', async () => {
        const { client, userId, organizationId } = await anyone.signUp('Ended');
        await databaseRows(transport, 'UPDATE auth.session SET revoked_at = now() WHERE id = $1', [sessionOf(client)]);
        await remember(sessionOf(client), {
          userId,
          organizationId,
          role: 'OWNER',
          rights: [],
          mustSetUpTwoFactor: false,
          clientIds: null,
          isReadOnly: false,
        });
        expect(await client.ask(RENAME)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      });

      it('of an API key that was revoked are refused with 401', async () => {
        const secret = newApiKey('live');
        const identity = { apiKeyId: crypto.randomUUID(), organizationId: crypto.randomUUID(), role: 'ADMIN' as const };
        const validUntil = new Date(Date.now() + 60_000).toISOString();
        const scopes = ['write:reports'];
        await apiKeyIdentityCache(transport.base.cache).set(
          hashApiKey(secret),
          { ...identity, scopes, validUntil },
          60_000,
        );
        expect(await anyone.as(secret).ask(RENAME)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      });
    });

    describe('an anonymous caller', () => {
      it.each(rootFields.filter(({ name }) => !forAnyone.includes(name)))(
        'is unauthenticated for $name',
        async ({ name, query, variables }) => {
          const { data, errors } = await anyone.ask(query, variables);
          expect(errors).toEqual([
            expect.objectContaining({
              message: 'Sign in first.',
              extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', requestId: expect.any(String) }),
            }),
          ]);
          const field = name.split('.')[1] as string;
          expect(data ?? { [field]: null }).toEqual({ [field]: null });
        },
      );

      it('reads the plans, signs up, logs in and refreshes a session', async () => {
        expect(rootFields.map(({ name }) => name)).toEqual(expect.arrayContaining(forAnyone));
        const mutations = forAnyone.filter((name) => name.startsWith('Mutation.'));
        expect([...ANONYMOUS_MUTATIONS].map((name) => `Mutation.${name}`).sort()).toEqual(mutations.sort());
        const email = `anyone-${crypto.randomUUID()}@example.com`;
        const password = 'correct horse battery';
        const plans = await anyone.ask('{ plans { id } }');
        expect(plans.data.plans.length).toBeGreaterThan(0);
        const signedUp = await anyone.ask(
          'mutation ($email: String!, $password: String!) { signUp(name: "Any", email: $email, password: $password, companyName: "C") { refreshToken } }',
          { email, password },
        );
        expect(signedUp.errors).toBeUndefined();
        const loggedIn = await anyone.ask(
          'mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { refreshToken } }',
          { email, password },
        );
        expect(loggedIn.errors).toBeUndefined();
        const refreshed = await anyone.ask(
          'mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { accessToken } }',
          { refreshToken: loggedIn.data.logIn.refreshToken },
        );
        expect(refreshed.errors).toBeUndefined();
      });

      it.each([
        ['sessions', 'query ($id: ID!) { sessionIdentity(sessionId: $id) { userId } }'],
        ['received consents', 'mutation ($id: ID!) { receiveConsent(providerId: $id, state: "s") { completionCode } }'],
        ['the contracts of subgraphs', '{ _service { sdl } }'],
        ['entities by key', '{ _entities(representations: []) { __typename } }'],
      ])('does not find %s in the API at all', async (_what, query) => {
        const { status, code } = await anyone.ask(query, query.includes('$id') ? { id: crypto.randomUUID() } : {});
        expect({ status, code }).toEqual({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
      });
    });

    describe('a member', () => {
      let owner: Client;
      let organizationId: string;
      let accountId: string;
      let connectionId: string;

      /** Someone new in the owner's organization. They own one themselves, which must not help them here. */
      async function member(role: Role): Promise<Client> {
        const { client, userId } = await owner.signUp(role);
        await databaseRows(
          transport,
          'INSERT INTO auth.membership (organization_id, person_id, role) VALUES ($1, $2, $3)',
          [organizationId, userId, role],
        );
        await databaseRows(transport, 'UPDATE auth.session SET organization_id = $1 WHERE person_id = $2', [
          organizationId,
          userId,
        ]);
        return client;
      }

      beforeAll(async () => {
        ({ client: owner, organizationId } = await anyone.signUp('Owner'));
        expect((await owner.connect('meta-ads')).status).toBe(200);
        const { data } = await owner.ask('{ organization { connections { id } accounts { id } } }');
        connectionId = data.organization.connections[0].id;
        accountId = data.organization.accounts[0].id;
      });

      const createClient = (client: Client) =>
        client.ask(
          'mutation ($name: String!, $of: [ID!]!) { createClient(name: $name, accountIds: $of) { client { id } } }',
          {
            name: `Client ${crypto.randomUUID()}`,
            of: [accountId],
          },
        );
      const deleteClient = (client: Client, clientId: string) =>
        client.ask('mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }', { id: clientId });
      const generateReport = (client: Client) =>
        client.ask(
          'mutation ($range: DateRangeInput!) { generateReport(templateId: "campaign-performance", range: $range) { report { status } } }',
          { range },
        );
      const authorize = (client: Client) =>
        client.ask('mutation { authorizeConnection(providerId: "google-ads") { authorizeUrl } }');
      const disconnect = (client: Client, id: string) =>
        client.ask('mutation ($id: ID!) { disconnect(connectionId: $id) { connection { status } } }', { id });
      const counts = async () => {
        const { data } = await owner.ask(
          '{ organization { connections { id status } clients { edges { node { id } } } reports { edges { node { id } } } } }',
        );
        return data.organization;
      };

      it('has the role of the organization of their session', async () => {
        const { data } = await (await member('VIEWER')).ask('{ me { role organization { id } } }');
        expect(data.me).toEqual({ role: 'VIEWER', organization: { id: organizationId } });
      });

      it('as a VIEWER reads everything and changes nothing', async () => {
        const { data: made } = await createClient(owner);
        const viewer = await member('VIEWER');
        const before = await counts();
        const read = await viewer.ask(
          /* GraphQL */ `query ($connection: ID!, $account: ID!, $client: ID!, $range: DateRangeInput!) {
          me { organization { subscription { status } connections { id } clients { edges { node { id } } } reports { edges { node { id } } } } }
          providers { id }
          reportTemplates { id }
          connection(id: $connection) { status }
          account(id: $account) { campaigns(range: $range) { totalCount } }
          client(id: $client) { name }
        }`,
          { connection: connectionId, account: accountId, client: made.createClient.client.id, range },
        );
        expect(read.errors).toBeUndefined();

        const refused = [
          await createClient(viewer),
          await deleteClient(viewer, made.createClient.client.id),
          await generateReport(viewer),
          await authorize(viewer),
          await disconnect(viewer, connectionId),
        ];
        expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 'FORBIDDEN'));
        expect(refused.map(({ data }) => data ?? null)).toEqual(refused.map(() => null));
        expect(await counts()).toEqual(before);
      });

      it('as an ANALYST creates clients and reports, and connects nothing', async () => {
        const analyst = await member('ANALYST');
        const made = await createClient(analyst);
        expect(made.errors).toBeUndefined();
        expect((await deleteClient(analyst, made.data.createClient.client.id)).errors).toBeUndefined();
        expect((await generateReport(analyst)).data.generateReport.report.status).toBe('QUEUED');

        expect((await authorize(analyst)).code).toBe('FORBIDDEN');
        expect((await disconnect(analyst, connectionId)).code).toBe('FORBIDDEN');
        const { connections } = await counts();
        expect(connections).toEqual([{ id: connectionId, status: 'ACTIVE' }]);
      });

      it('as an ADMIN connects and disconnects', async () => {
        const admin = await member('ADMIN');
        expect((await createClient(admin)).errors).toBeUndefined();
        expect((await generateReport(admin)).errors).toBeUndefined();
        const connected = await admin.connect('google-ads');
        expect(connected.status).toBe(200);
        const { connection } = (await connected.json()) as { connection: { id: string } };
        expect((await disconnect(admin, connection.id)).data.disconnect.connection.status).toBe('DISCONNECTED');
      });

      it('may use exactly the mutations of their role', async () => {
        const mutations = rootFields.filter(({ name }) => name.startsWith('Mutation.') && !forAnyone.includes(name));
        expect(mutations.map(({ name }) => name).sort()).toEqual(Object.keys(roleNeeded).sort());
        const strength: Role[] = ['VIEWER', 'ANALYST', 'ADMIN', 'OWNER'];
        for (const role of strength) {
          const client = await member(role);
          const refused: string[] = [];
          for (const { name, query, variables } of mutations) {
            // Ends the session that the others need.
            if (name === 'Mutation.logOut' || name === 'Mutation.logOutEverywhere') continue;
            const { code, errors } = await client.ask(query, variables);
            if (code !== 'FORBIDDEN') continue;
            const orRight = ofBilling.includes(name) ? ', or the right BILLING' : '';
            expect(errors[0].message).toBe(`This needs the role ${roleNeeded[name]}${orRight}.`);
            refused.push(name);
          }
          const tooWeakFor = mutations.filter(
            ({ name }) => strength.indexOf(role) < strength.indexOf(roleNeeded[name] as Role),
          );
          expect(refused).toEqual(tooWeakFor.map(({ name }) => name));
          expect((await client.ask('mutation { logOut }')).data).toEqual({ logOut: true });
        }
      });

      it('removed from the organization is signed out of it', async () => {
        const { client, userId } = await owner.signUp('Leaver');
        await databaseRows(transport, 'DELETE FROM auth.membership WHERE person_id = $1', [userId]);
        const { status, code } = await client.ask('{ organization { name } }');
        expect({ status, code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
      });
    });
  });
}
