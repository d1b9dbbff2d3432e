import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { payCheckout, stripeClient } from '#simulator/stripe/client-for-tests.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, type Transport } from './open-transport.js';
import { openKey, openMember, type Tenant } from './tenant.js';

const SUBSCRIPTION = `subscription { status plan { id } interval cancelsAt pendingChange { plan { id } } }`;
const READ = `{ organization { ${SUBSCRIPTION} entitlements { plan { id } access }
  invoices { edges { node { id number status total { amount currency } } } }
  payments { edges { node { status amount { amount } } } } paymentMethods { last4 } } }`;
const RIGHTS = `mutation ($id: ID!, $rights: [MemberRight!]!) {
  setMemberRights(userId: $id, rights: $rights) { member { rights } } }`;
const PREVIEW = '{ previewPlanChange(planId: "agency", interval: YEAR) { previewId amountDue { amount currency } } }';
const CHANGE = `mutation ($id: String!) {
  changePlan(planId: "agency", interval: YEAR, previewId: $id) { ${SUBSCRIPTION} } }`;

/** A subscription from the checkout to its cancellation, over a transport. */
export function describeBilling(transportName: Transport): void {
  describe(`billing over the transport ${transportName}`, () => {
    let transport: OpenTransport;
    let anyone: Client;
    let ours: Pick<Tenant, 'client' | 'organizationId' | 'userId'>;

    beforeAll(async () => {
      transport = await openTransport(transportName);
      anyone = new Client(transport.url);
      ours = await anyone.signUp('Nora');
    });
    afterAll(() => transport.close());

    const post = async (client: Client, path: string, body: unknown = {}) => {
      const headers = { 'content-type': 'application/json', ...client.headers };
      const response = await fetch(`${transport.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as any };
    };
    const read = async (client: Client) => (await client.ask(READ)).data.organization;

    it('is managed by owners and those with the right, is paid once, charged as previewed, and shown to no one else', async () => {
      const theirs = await anyone.signUp('Theirs');
      const tenant = ours as Tenant;
      const viewer = await openMember(transport, tenant, 'VIEWER');
      const admin = await openMember(transport, tenant, 'ADMIN');
      await databaseRows(transport, 'UPDATE auth.person SET email_verified_at = now() WHERE id = $1', [ours.userId]);
      const checkout = '/api/organization/subscription/checkout';
      expect(await viewer.client.ask(PREVIEW)).toMatchObject({ code: 'FORBIDDEN' });
      for (const { client } of [viewer, admin]) {
        expect(await post(client, checkout, { planId: 'pro' })).toMatchObject({ status: 403 });
      }
      const { data } = await ours.client.ask(RIGHTS, { id: viewer.identity.userId, rights: ['BILLING'] });
      expect(data.setMemberRights.member.rights).toEqual(['BILLING']);
      const [first, second] = await Promise.all([
        post(viewer.client, checkout, { planId: 'pro' }),
        post(ours.client, checkout, { planId: 'pro' }),
      ]);
      const again = await post(ours.client, checkout, { planId: 'pro' });
      const { url } = again.body.data;
      expect([first, second].filter(({ status }) => status < 300).map(({ body }) => body.data.url)).toContain(url);
      expect((await payCheckout(url)).error).toBeNull();
      // By the webhook alone.
      await eventually('what was bought', async () => (await read(ours.client)).subscription.interval === 'MONTH');
      expect(await read(ours.client)).toMatchObject({
        subscription: { status: 'TRIALING', plan: { id: 'pro' } },
        paymentMethods: [{ last4: '4242' }],
      });
      expect(await post(viewer.client, checkout, { planId: 'pro' })).toMatchObject({ status: 409 });

      const preview = (await viewer.client.ask(PREVIEW)).data.previewPlanChange;
      expect(preview.amountDue).toEqual({ amount: '0.00', currency: 'EUR' });
      const keyed = viewer.client.with({ 'idempotency-key': randomUUID() });
      const changed = [
        await keyed.ask(CHANGE, { id: preview.previewId }),
        await keyed.ask(CHANGE, { id: preview.previewId }),
      ];
      expect(changed[0]?.errors).toBeUndefined();
      expect(changed[1]?.data).toEqual(changed[0]?.data);
      await eventually('the plan', async () => (await read(ours.client)).entitlements.plan.id === 'agency');

      const key = await openKey(transport, anyone, tenant, ['read:billing']);
      expect((await read(key.client)).invoices.edges.length).toBeGreaterThan(0);
      const cancel = 'mutation { cancelSubscription { subscription { cancelsAt } } }';
      expect(await key.client.ask(cancel)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await theirs.client.ask(cancel)).toMatchObject({ code: 'CONFLICT' });
      expect(await read(theirs.client)).toMatchObject({
        invoices: { edges: [] },
        payments: { edges: [] },
        paymentMethods: [],
      });

      expect((await viewer.client.ask(cancel)).data.cancelSubscription.subscription.cancelsAt).not.toBeNull();
      await ours.client.ask(RIGHTS, { id: viewer.identity.userId, rights: [] });
      expect(await viewer.client.ask('mutation { resumeSubscription { subscription { cancelsAt } } }')).toMatchObject({
        code: 'FORBIDDEN',
      });
      const { data: audit } = await ours.client.ask(
        '{ organization { auditLog(filter: { targetType: "OrganizationSubscription" }) { edges { node { action actor { id } after } } } } }',
      );
      const actions = audit.organization.auditLog.edges.map(({ node }: any) => node.action);
      expect(new Set(actions)).toEqual(
        new Set(['subscription.cancelled', 'subscription.plan-changed', 'checkout.started']),
      );
      expect(JSON.stringify(audit)).not.toContain('4242');
    });

    it('has invoices mailed to who owns the organization', async () => {
      const { client, organizationId } = ours;
      const admin = await openMember(transport, ours as Tenant, 'ADMIN');
      const [row] = await databaseRows(
        transport,
        'SELECT customer_id FROM billing.subscription WHERE organization_id = $1',
        [organizationId],
      );
      const stripe = stripeClient({ url: transport.simulatorUrl } as never);
      const emailOf = async () => {
        const customer = await stripe.customers.retrieve((row as { customer_id: string }).customer_id);
        return 'email' in customer ? customer.email : null;
      };
      const people = await databaseRows(transport, 'SELECT id, email FROM auth.person WHERE id = ANY ($1)', [
        [ours.userId, admin.identity.userId],
      ]);
      const addressOf = (id: string | undefined) =>
        (people as { id: string; email: string }[]).find((one) => one.id === id)?.email;
      expect(await emailOf()).toBe(addressOf(ours.userId));
      const transferred = await client.ask(
        'mutation ($id: ID!) { transferOwnership(userId: $id, password: "correct horse battery") { member { role } } }',
        { id: admin.identity.userId },
      );
      expect(transferred.errors).toBeUndefined();
      await eventually("the new owner's address", async () => (await emailOf()) === addressOf(admin.identity.userId));
    });
  });
}
