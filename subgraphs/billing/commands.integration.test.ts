import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { beginTrial } from '#runtime/entitlements/entitlements.js';
import type { HttpClient, OutboundRequest } from '#runtime/http/http-client.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { payCheckout, payInvoice, stripeClient } from '#simulator/stripe/client-for-tests.js';
import { type Context, createContext } from './context.js';
import type { openBillingDatabase } from './database.js';
import { billing } from './index.js';
import { applyPromotionCode } from './services/commands/apply-promotion-code.js';
import { cancelSubscription } from './services/commands/cancel-subscription.js';
import { changePlan } from './services/commands/change-plan.js';
import { changeSubscription } from './services/commands/change-subscription.js';
import { pauseSubscription } from './services/commands/pause-subscription.js';
import { resumeSubscription } from './services/commands/resume-subscription.js';
import { startCheckout } from './services/commands/start-checkout.js';
import { customerOf } from './services/customer-of.js';
import { priceIdOf } from './stripe/catalogue.js';
import { syncCustomer } from './sync/sync-customer.js';

const signedUpAt = new Date('2026-10-01T09:30:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;
let now = signedUpAt;
/** By organization: when those that are being deleted are erased. */
const deletions = new Map<string | undefined, string>();
let simulator: Simulator;
let stripe: Stripe;
let services: Services;
let running: RunningSubgraph;
let database: Awaited<ReturnType<typeof openBillingDatabase>>;
let close: () => Promise<void>;

beforeAll(async () => {
  simulator = await startSimulator({ now: () => now, quiet: true });
  stripe = stripeClient(simulator);
  const opened = await openTestServices({ now: () => now, isSold: true, simulatorUrl: simulator.url });
  close = async () => {
    await opened.lifecycle.close();
    await simulator.close();
  };
  const organization = { name: 'Northwind', billingManagers: [{ email: 'nora@northwind.example' }] };
  const query = (async (_operation, { organizationId }) => ({
    organization: { ...organization, deletionAt: deletions.get(organizationId) ?? null },
  })) as Services['graph']['query'];
  services = { ...opened, graph: { ...opened.graph, query } };
  running = await billing.open(services);
  database = services.databases.get('billing') as typeof database;
});
afterAll(() => close());
beforeEach(() => {
  now = signedUpAt;
});

const owner = (organizationId: string, requestId = 'test'): Identity => ({
  ...{ kind: 'user', userId: randomUUID(), organizationId, role: 'OWNER', scopes: [], requestId },
});
const contextOf = (organizationId: string) => createContext(services, database, owner(organizationId));

async function signUp(): Promise<string> {
  const organizationId = randomUUID();
  await beginTrial(services.operations, { organizationId, now });
  return organizationId;
}

interface Bought {
  planId?: string;
  interval?: 'MONTH' | 'YEAR';
  currency?: string;
  card?: string;
  parameters?: Partial<Stripe.SubscriptionCreateParams>;
}

/** Returns an organization with a subscription, as a checkout leaves it. */
async function buy({
  planId = 'pro',
  interval = 'MONTH',
  currency = 'EUR',
  card = 'pm_card_visa',
  parameters,
}: Bought = {}) {
  const organizationId = await signUp();
  const { customerId } = await customerOf(contextOf(organizationId), organizationId);
  const { id: method } = await stripe.paymentMethods.attach(card, { customer: customerId });
  await stripe.customers.update(customerId, { invoice_settings: { default_payment_method: method } });
  const price = await priceIdOf(services, { planId, interval, currency });
  await stripe.subscriptions.create({ customer: customerId, items: [{ price }], ...parameters });
  await syncCustomer(contextOf(organizationId), { organizationId });
  return { organizationId, customerId };
}

async function useCard(customerId: string, card: string): Promise<void> {
  const { id: method } = await stripe.paymentMethods.attach(card, { customer: customerId });
  await stripe.customers.update(customerId, { invoice_settings: { default_payment_method: method } });
}

async function ask(organizationId: string, query: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await running.execute({ query, variables }, owner(organizationId));
  const [error] = errors ?? [];
  return { data: JSON.parse(JSON.stringify(data ?? null)) as any, error, code: error?.extensions?.code };
}

const STATE = `status plan { id } interval currency cancelsAt isPaused pendingChange { plan { id } interval at }
  openInvoice { hostedUrl amountRemaining { amount currency } needsConfirmation failureCode } discount { promotionCode percentOff }`;
const PREVIEW = `query ($planId: ID!, $interval: BillingInterval) { previewPlanChange(planId: $planId, interval: $interval) {
  previewId effectiveAt amountDue { amount currency } tax { amount } lines { amount { amount } isProration } prorationDate
  nextInvoice { amountDue { amount currency } at } } }`;
const CHANGE = `mutation ($planId: ID!, $interval: BillingInterval, $previewId: String) {
  changePlan(planId: $planId, interval: $interval, previewId: $previewId) { subscription { ${STATE} } } }`;

const stateOf = async (organizationId: string) =>
  (
    await ask(
      organizationId,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Organization { subscription { ${STATE} }
        invoices { edges { node { number status total { amount currency } amountDue { amount } hostedUrl pdfUrl lines { amount { amount } } } } }
        payments { edges { node { status amount { amount } } } } paymentMethods { brand last4 isDefault } } } }`,
      { of: [{ __typename: 'Organization', id: organizationId, createdAt: signedUpAt.toISOString() }] },
    )
  ).data._entities[0];

const auditOf = async (organizationId: string): Promise<string[]> =>
  (
    await services.operations.query(
      'SELECT action, outcome FROM operations.audit_event WHERE organization_id = $1 ORDER BY sequence',
      [organizationId],
    )
  ).map(({ action, outcome }: { action: string; outcome: string }) => `${action} ${outcome}`);

const CHECKOUT = `mutation ($planId: ID!, $interval: BillingInterval! = MONTH, $currency: String, $successUrl: String, $promotionCode: String) {
  startCheckout(planId: $planId, interval: $interval, currency: $currency, successUrl: $successUrl, promotionCode: $promotionCode) {
    url expiresAt } }`;
const PORTAL = 'mutation ($returnUrl: String) { openBillingPortal(returnUrl: $returnUrl) { url } }';
const DETAILS = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Organization { billingDetails {
  name email country taxIds { type value } } } } }`;

describe('a checkout', () => {
  const checkout = async (of: string, variables: Record<string, unknown> = { planId: 'pro' }) => {
    const { data, error, code } = await ask(of, CHECKOUT, variables);
    return { url: data?.startCheckout?.url as string, code, details: error?.extensions?.details };
  };
  const detailsOf = async (of: string) =>
    (await ask(of, DETAILS, { of: [{ __typename: 'Organization', id: of }] })).data._entities[0].billingDetails;

  it('is one page for two owners at once, is paid once, and begins with the rest of the trial', async () => {
    const organizationId = await signUp();
    expect(await detailsOf(organizationId)).toBeNull();
    const pages = await Promise.all([0, 1, 2].map(() => checkout(organizationId)));
    const urls = new Set(pages.map(({ url }) => url).filter(Boolean));
    expect([...urls]).toHaveLength(1);
    const { url } = await checkout(organizationId);
    expect([...urls]).toEqual([url]);
    expect((await payCheckout(url, { card: '4000000000000002' })).error).toMatch(/declined/);
    const taxId = { type: 'eu_vat', value: 'DE123456789' };
    expect(await payCheckout(url, { taxId })).toMatchObject({ location: expect.stringMatching(/^http/) });
    await payCheckout(url);
    expect(await checkout(organizationId)).toMatchObject({ code: 'CONFLICT' });
    const { subscription, invoices, paymentMethods } = await stateOf(organizationId);
    expect(subscription).toMatchObject({ status: 'TRIALING', plan: { id: 'pro' }, interval: 'MONTH', currency: 'EUR' });
    expect(invoices.edges.map(({ node }: any) => node.total.amount)).toEqual(['0.00']);
    expect(paymentMethods).toEqual([{ brand: 'visa', last4: '4242', isDefault: true }]);
    const { customerId } = await customerOf(contextOf(organizationId), organizationId);
    expect((await stripe.subscriptions.list({ customer: customerId, status: 'all' })).data).toHaveLength(1);
    expect(await detailsOf(organizationId)).toMatchObject({
      email: 'nora@northwind.example',
      country: 'DE',
      taxIds: [taxId],
    });
    expect((await ask(organizationId, PORTAL)).data.openBillingPortal.url).toMatch(/billing\.stripe\.com/);
    expect((await ask(organizationId, PORTAL, { returnUrl: 'https://evil.example/' })).code).toBe('BAD_USER_INPUT');
    expect(new Set(await auditOf(organizationId))).toEqual(
      new Set(['checkout.started SUCCESS', 'billing-portal.opened SUCCESS']),
    );
    now = new Date(signedUpAt.getTime() + 14.1 * DAY_MS);
    await syncCustomer(contextOf(organizationId), { organizationId });
    const paid = await stateOf(organizationId);
    expect(paid.subscription).toMatchObject({ status: 'ACTIVE', plan: { id: 'pro' } });
    expect(paid.payments.edges.map(({ node }: any) => `${node.status} ${node.amount.amount}`)).toContain(
      'SUCCEEDED 117.81',
    );
  });

  it('whose answer was lost is recorded once, when its address is first returned', async () => {
    const organizationId = await signUp();
    const send = async (outbound: OutboundRequest) => {
      const answer = await services.http.send(outbound);
      if (outbound.method !== 'GET' && outbound.url.endsWith('/checkout/sessions')) throw new Error('It was cut.');
      return answer;
    };
    const lossy = { ...services, http: { send } as unknown as HttpClient };
    const lost = startCheckout(createContext(lossy, database, owner(organizationId)), {
      planId: 'pro',
      interval: 'MONTH',
    });
    await expect(lost).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(await auditOf(organizationId)).toEqual([]);
    for (let time = 0; time < 2; time += 1) expect((await checkout(organizationId)).url).toMatch(/^http/);
    expect(await auditOf(organizationId)).toEqual(['checkout.started SUCCESS']);
  });

  it('with a card that had a trial elsewhere is cancelled and charges nothing; it can be bought without a trial', async () => {
    const card = '6011111111111117';
    const [first, second] = [await signUp(), await signUp()];
    const buyWith = async (of: string) => {
      await payCheckout((await checkout(of)).url, { card });
      await syncCustomer(contextOf(of), { organizationId: of });
      return stateOf(of);
    };
    const totals = ({ invoices }: any) => invoices.edges.map(({ node }: any) => node.total.amount).sort();
    expect((await buyWith(first)).subscription).toMatchObject({ status: 'TRIALING', interval: 'MONTH' });
    const refused = await buyWith(second);
    expect(refused.subscription).toMatchObject({ status: 'TRIALING', plan: { id: 'pro' } });
    expect([totals(refused), refused.payments.edges]).toEqual([['0.00'], []]);
    const mails = 'SELECT kind, subject FROM billing.notice WHERE organization_id = $1';
    expect(await database.query(mails, [second])).toMatchObject([{ kind: 'TRIAL_REFUSED' }]);
    expect(await auditOf(second)).toEqual(['checkout.started SUCCESS', 'subscription.cancelled SUCCESS']);
    const bought = await buyWith(second);
    expect(bought.subscription).toMatchObject({ status: 'ACTIVE', plan: { id: 'pro' } });
    expect(totals(bought)).toEqual(['0.00', '117.81']);
    // One that was begun is not ended by a card that is added to it.
    const { customerId } = await customerOf(contextOf(first), first);
    await useCard(customerId, 'pm_card_visa');
    await syncCustomer(contextOf(first), { organizationId: first });
    const stripes = await stripe.subscriptions.list({ customer: customerId });
    expect(stripes.data.map(({ status }) => status)).toEqual(['trialing']);
  });

  it('with other arguments closes the one before, and has no second trial', async () => {
    const organizationId = await signUp();
    const first = await checkout(organizationId);
    const second = await checkout(organizationId, { planId: 'agency', interval: 'YEAR', currency: 'usd' });
    expect(second.url).not.toBe(first.url);
    expect((await payCheckout(first.url)).location).toBeNull();
    expect((await payCheckout(second.url, { country: 'FR', card: '5555555555554444' })).error).toBeNull();
    await syncCustomer(contextOf(organizationId), { organizationId });
    expect((await stateOf(organizationId)).subscription).toMatchObject({
      status: 'TRIALING',
      interval: 'YEAR',
      currency: 'USD',
    });
    await ask(organizationId, 'mutation { cancelSubscription(atPeriodEnd: false) { subscription { id } } }');
    const third = await checkout(organizationId, { planId: 'starter', currency: 'USD' });
    await payCheckout(third.url, { country: 'FR', card: '5555555555554444' });
    await syncCustomer(contextOf(organizationId), { organizationId });
    const { subscription, payments } = await stateOf(organizationId);
    expect(subscription).toMatchObject({ status: 'ACTIVE', plan: { id: 'starter' } });
    expect(payments.edges).toHaveLength(1);
  });

  it('refuses what it cannot sell, and pages that are not ours', async () => {
    const organizationId = await signUp();
    const wrong: [Record<string, unknown>, string][] = [
      [{ planId: 'free' }, 'planId'],
      [{ planId: 'gold' }, 'planId'],
      [{ planId: 'pro', currency: 'CHF' }, 'currency'],
      [{ planId: 'pro', currency: '' }, 'currency'],
      [{ planId: 'pro', successUrl: 'https://evil.example/' }, 'successUrl'],
      [{ planId: 'pro', successUrl: 'javascript:alert(1)' }, 'successUrl'],
      [{ planId: 'pro', promotionCode: 'NOPE' }, 'promotionCode'],
      [{ planId: 'pro', promotionCode: '' }, 'promotionCode'],
    ];
    for (const [given, argument] of wrong) {
      const { code, details } = await checkout(organizationId, given);
      expect([argument, code, (details as [{ argument: string }])?.[0].argument]).toEqual([
        argument,
        'BAD_USER_INPUT',
        argument,
      ]);
    }
    const page = 'http://localhost:3000/billing?done=1';
    expect((await checkout(organizationId, { planId: 'pro', successUrl: page, currency: null })).code).toBeUndefined();
  });

  it('finds a price that was archived anew, and what a dead customer leaves', async () => {
    const { organizationId, customerId } = await buy();
    await stripe.customers.del(customerId);
    const known = await priceIdOf(services, { planId: 'starter', interval: 'MONTH', currency: 'GBP' });
    await stripe.prices.update(known, { active: false });
    now = new Date(signedUpAt.getTime() + 20 * DAY_MS);
    const { url } = await checkout(organizationId, { planId: 'starter', currency: 'GBP' });
    await payCheckout(url, { country: 'GB' });
    await syncCustomer(contextOf(organizationId), { organizationId });
    expect((await stateOf(organizationId)).subscription).toMatchObject({
      status: 'ACTIVE',
      plan: { id: 'starter' },
      currency: 'GBP',
    });
    expect(await priceIdOf(services, { planId: 'starter', interval: 'MONTH', currency: 'GBP' })).not.toBe(known);
  });
});

describe('a change of the plan', () => {
  it.each([
    ['a larger plan', { planId: 'pro' }, { planId: 'agency' }],
    ['years', { planId: 'pro' }, { planId: 'pro', interval: 'YEAR' }],
    ['a larger plan in yen', { planId: 'starter', currency: 'JPY' }, { planId: 'agency' }],
  ] as const)('to %s charges exactly what its preview said, once', async (_what, bought, wanted) => {
    const { organizationId, customerId } = await buy(bought);
    const events = await keepWebhookEvents(services.operations, organizationId);
    now = new Date(signedUpAt.getTime() + 11.4 * DAY_MS);
    const { data, error } = await ask(organizationId, PREVIEW, wanted);
    expect(error).toBeUndefined();
    const { previewId, amountDue, lines, nextInvoice } = data.previewPlanChange;
    expect(Number(amountDue.amount)).toBeGreaterThan(0);
    expect(lines.some(({ amount }: { amount: { amount: string } }) => Number(amount.amount) < 0)).toBe(true);
    now = new Date(now.getTime() + 9 * 60 * 1000);
    const changed = await Promise.all([0, 1].map(() => ask(organizationId, CHANGE, { ...wanted, previewId })));
    const again = await ask(organizationId, CHANGE, { ...wanted, previewId });
    const codes = [...changed, again].map(({ code }) => code);
    expect(codes.filter((code) => code === undefined).length).toBeGreaterThan(1);
    expect(codes.filter((code) => code !== undefined && code !== 'CONFLICT')).toEqual([]);
    const { subscription, invoices } = await stateOf(organizationId);
    expect(subscription).toMatchObject({ status: 'ACTIVE', plan: { id: wanted.planId }, pendingChange: null });
    const [newest, first] = invoices.edges.map(({ node }: any) => node);
    expect(newest).toMatchObject({ status: 'PAID', total: amountDue });
    expect(invoices.edges).toHaveLength(2);
    expect([newest.hostedUrl, newest.pdfUrl, first.status]).toEqual([expect.any(String), expect.any(String), 'PAID']);
    expect((await stripe.subscriptions.list({ customer: customerId })).data).toHaveLength(1);
    expect(Date.parse(nextInvoice.at)).toBeGreaterThan(now.getTime());
    expect((await auditOf(organizationId)).filter((action) => action.startsWith('subscription'))).toContain(
      'subscription.plan-changed SUCCESS',
    );
    const isOtherPlan = bought.planId !== wanted.planId;
    expect((await events()).map(({ type }) => type)).toEqual(isOtherPlan ? ['subscription.changed'] : []);
  });

  it.each([
    ['pm_card_chargeCustomerFail', 'PAYMENT_FAILED'],
    ['pm_card_authenticationRequired', 'PAYMENT_ACTION_REQUIRED'],
  ])('that %s does not pay for has not happened, and says where to pay', async (card, code) => {
    const { organizationId, customerId } = await buy({ planId: 'starter' });
    await useCard(customerId, card);
    const refused = await ask(organizationId, CHANGE, { planId: 'agency' });
    expect(refused.code).toBe(code);
    expect(refused.error?.extensions?.payment).toMatchObject({ url: expect.stringMatching(/^http/) });
    const { subscription } = await stateOf(organizationId);
    expect(subscription).toMatchObject({
      status: 'ACTIVE',
      plan: { id: 'starter' },
      openInvoice: { hostedUrl: expect.any(String) },
    });
    expect(await auditOf(organizationId)).toContain('subscription.plan-changed REFUSED');
    expect((await payInvoice(subscription.openInvoice.hostedUrl)).error).toBeNull();
    await syncCustomer(contextOf(organizationId), { organizationId });
    expect((await stateOf(organizationId)).subscription).toMatchObject({ plan: { id: 'agency' }, openInvoice: null });
  });

  it('that waits for its payment is one invoice, and is withdrawn by another change, the present plan, a pause or a cancellation', async () => {
    const { organizationId, customerId } = await buy({ planId: 'starter' });
    await useCard(customerId, 'pm_card_chargeCustomerFail');
    const change = (wanted: Record<string, unknown>) => ask(organizationId, CHANGE, wanted);
    const openInvoices = async () => {
      const { subscription, invoices } = await stateOf(organizationId);
      expect(subscription.plan.id).toBe('starter');
      const open = invoices.edges.filter(({ node }: any) => node.status === 'OPEN');
      return open.map(({ node }: any) => node.amountDue.amount);
    };
    const first = await change({ planId: 'agency' });
    const again = await change({ planId: 'agency' });
    expect([first.code, again.code]).toEqual(['PAYMENT_FAILED', 'PAYMENT_FAILED']);
    expect(again.error?.extensions?.payment).toEqual(first.error?.extensions?.payment);
    expect(await openInvoices()).toEqual(['270.00']);
    const preview = await ask(organizationId, PREVIEW, { planId: 'pro' });
    expect(preview.data.previewPlanChange.amountDue).toEqual({ amount: '70.00', currency: 'EUR' });
    const { previewId } = preview.data.previewPlanChange;
    expect((await change({ planId: 'pro', previewId })).code).toBe('PAYMENT_FAILED');
    expect(await openInvoices()).toEqual(['70.00']);
    expect((await change({ planId: 'starter' })).error).toBeUndefined();
    expect(await openInvoices()).toEqual([]);
    for (const command of ['pauseSubscription', 'resumeSubscription', 'cancelSubscription']) {
      if (command !== 'resumeSubscription') expect((await change({ planId: 'pro' })).code).toBe('PAYMENT_FAILED');
      const done = await ask(organizationId, `mutation { ${command} { subscription { id } } }`);
      expect([command, done.error, await openInvoices()]).toEqual([command, undefined, []]);
    }
    expect((await stripe.subscriptions.list({ customer: customerId })).data[0]?.pending_update).toBeNull();
  });

  it('that Stripe refuses, because the subscription was changed meanwhile, is a conflict', async () => {
    const { organizationId } = await buy({ planId: 'starter' });
    const refused = async (isChanged: boolean) =>
      changeSubscription(contextOf(organizationId), {
        action: 'subscription.plan-changed',
        decide: async (_stripe, { stripeSubscriptionId }) => ({
          ...{ after: {}, wanted: { isOver: true } },
          carryOut: async () => {
            const id = String(stripeSubscriptionId);
            if (isChanged) await stripe.subscriptions.update(id, { cancel_at_period_end: true });
            await stripe.subscriptions.update(id, { proration_date: 1, proration_behavior: 'always_invoice' });
          },
        }),
      });
    await expect(refused(false)).rejects.toMatchObject({ type: 'StripeInvalidRequestError' });
    await expect(refused(true)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('to a smaller plan waits for the end of the period, and can be taken back', async () => {
    const { organizationId } = await buy({ planId: 'agency', currency: 'USD' });
    const { data } = await ask(organizationId, PREVIEW, { planId: 'starter' });
    expect(data.previewPlanChange).toMatchObject({
      amountDue: { amount: '0.00', currency: 'USD' },
      effectiveAt: '2026-11-01T09:30:00.000Z',
      nextInvoice: { amountDue: { amount: '32.00', currency: 'USD' }, at: '2026-11-01T09:30:00.000Z' },
    });
    const pending = { plan: { id: 'starter' }, interval: 'MONTH', at: '2026-11-01T09:30:00.000Z' };
    const changed = await ask(organizationId, CHANGE, {
      planId: 'starter',
      previewId: data.previewPlanChange.previewId,
    });
    expect(changed.data.changePlan.subscription).toMatchObject({ plan: { id: 'agency' }, pendingChange: pending });
    const pendingPreview = (await ask(organizationId, PREVIEW, { planId: 'starter' })).data.previewPlanChange;
    const { effectiveAt, nextInvoice } = data.previewPlanChange;
    expect(pendingPreview).toMatchObject({ effectiveAt, nextInvoice, amountDue: { amount: '0.00' } });
    expect((await ask(organizationId, CHANGE, { planId: 'agency', interval: 'YEAR' })).code).toBe('CONFLICT');
    const kept = await ask(organizationId, CHANGE, { planId: 'agency' });
    expect(kept.data.changePlan.subscription).toMatchObject({ plan: { id: 'agency' }, pendingChange: null });
    const other = await ask(organizationId, CHANGE, { planId: 'pro' });
    expect(other.data.changePlan.subscription.pendingChange.plan.id).toBe('pro');
    await ask(organizationId, CHANGE, { planId: 'starter' });
    now = new Date('2026-11-01T12:00:00Z');
    await syncCustomer(contextOf(organizationId), { organizationId });
    const { subscription, invoices } = await stateOf(organizationId);
    expect(subscription).toMatchObject({ status: 'ACTIVE', plan: { id: 'starter' }, pendingChange: null });
    expect(invoices.edges[0].node.total).toEqual({ amount: '32.00', currency: 'USD' });
  });

  it('is refused with a preview of another organization, plan, state or time, and with anything else', async () => {
    const { organizationId } = await buy({ planId: 'starter' });
    const other = await buy({ planId: 'starter' });
    const previewOf = async (of: string, wanted: object) =>
      (await ask(of, PREVIEW, { ...wanted })).data.previewPlanChange.previewId;
    const previewId = await previewOf(organizationId, { planId: 'agency' });
    const tryWith = async (id: string, wanted: object = { planId: 'agency' }) =>
      (await ask(organizationId, CHANGE, { ...wanted, previewId: id })).code;
    expect(await tryWith(await previewOf(other.organizationId, { planId: 'agency' }))).toBe('BAD_USER_INPUT');
    expect(await tryWith(previewId, { planId: 'pro' })).toBe('BAD_USER_INPUT');
    expect(await tryWith('')).toBe('BAD_USER_INPUT');
    expect(await tryWith(previewId, { planId: 'agency', interval: 'YEAR' })).toBe('BAD_USER_INPUT');
    for (const wrong of ['', 'x', `${previewId}x`]) expect(await tryWith(wrong || ' ')).toBe('BAD_USER_INPUT');
    await ask(organizationId, CHANGE, { planId: 'pro' });
    expect(await tryWith(previewId)).toBe('CONFLICT');
    expect((await stateOf(organizationId)).subscription.plan.id).toBe('pro');
  });

  it('to free cancels with the period, or is chosen without a subscription', async () => {
    const { organizationId } = await buy();
    const { data } = await ask(organizationId, CHANGE, { planId: 'free' });
    expect(data.changePlan.subscription).toMatchObject({ plan: { id: 'pro' }, cancelsAt: '2026-11-01T09:30:00.000Z' });
    const none = await signUp();
    const chosen = await ask(none, CHANGE, { planId: 'free' });
    expect(chosen.data.changePlan.subscription).toMatchObject({ status: 'TRIALING' });
    now = new Date(signedUpAt.getTime() + 15 * DAY_MS);
    expect((await stateOf(none)).subscription).toMatchObject({ status: 'FREE', plan: { id: 'free' } });
    expect(await services.entitlements.of(none)).toMatchObject({ planId: 'free', access: 'FULL' });
    const late = await signUp();
    expect((await ask(late, CHANGE, { planId: 'pro' })).code).toBe('CONFLICT');
    for (const planId of ['gold', '', 'FREE'])
      expect((await ask(late, CHANGE, { planId })).code).toBe('BAD_USER_INPUT');
  });
});

describe('a subscription', () => {
  const RUN = {
    cancel: `mutation ($atPeriodEnd: Boolean! = true) { cancelSubscription(atPeriodEnd: $atPeriodEnd) { subscription { ${STATE} } } }`,
    resume: `mutation { resumeSubscription { subscription { ${STATE} } } }`,
    pause: `mutation ($until: DateTime) { pauseSubscription(until: $until) { subscription { ${STATE} } } }`,
    promote: `mutation ($code: String!) { applyPromotionCode(code: $code) { subscription { ${STATE} } } }`,
  };
  const run = async (of: string, command: keyof typeof RUN, variables?: Record<string, unknown>) => {
    const { data, code } = await ask(of, RUN[command], variables);
    return code ?? (Object.values(data)[0] as { subscription: unknown }).subscription;
  };

  it('is cancelled, resumed, paused and cancelled at once, and each repetition changes nothing', async () => {
    const { organizationId } = await buy();
    const end = '2026-11-01T09:30:00.000Z';
    for (let time = 0; time < 2; time += 1)
      expect(await run(organizationId, 'cancel')).toMatchObject({ cancelsAt: end });
    expect(await run(organizationId, 'pause')).toBe('CONFLICT');
    for (let time = 0; time < 2; time += 1)
      expect(await run(organizationId, 'resume')).toMatchObject({ cancelsAt: null });
    for (const until of ['2026-10-01T10:00:00Z', '2025-01-01T00:00:00Z', '2028-01-01T00:00:00Z'])
      expect(await run(organizationId, 'pause', { until })).toBe('BAD_USER_INPUT');
    expect(await run(organizationId, 'pause', { until: '2026-12-01T00:00:00Z' })).toMatchObject({ isPaused: true });
    expect(await run(organizationId, 'pause', { until: null })).toMatchObject({ isPaused: true });
    expect((await ask(organizationId, CHANGE, { planId: 'agency' })).code).toBe('CONFLICT');
    expect(await run(organizationId, 'resume')).toMatchObject({ isPaused: false, status: 'ACTIVE' });
    now = new Date(signedUpAt.getTime() + 15 * DAY_MS);
    expect(await run(organizationId, 'cancel', { atPeriodEnd: false })).toMatchObject({
      status: 'CANCELED',
      plan: { id: 'free' },
    });
    for (const command of ['cancel', 'resume', 'pause'] as const)
      expect(await run(organizationId, command)).toBe('CONFLICT');
    expect(await auditOf(organizationId)).toEqual([
      'subscription.cancelled SUCCESS',
      'subscription.resumed SUCCESS',
      'subscription.paused SUCCESS',
      'subscription.paused SUCCESS',
      'subscription.resumed SUCCESS',
      'subscription.cancelled SUCCESS',
    ]);
  });

  it('has the discount of a promotion code, and no other text gives one', async () => {
    const { organizationId } = await buy();
    const { id: coupon } = await stripe.coupons.create({
      percent_off: 20,
      duration: 'repeating',
      duration_in_months: 3,
    });
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: 'SPRING20' });
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: 'GONE', active: false });
    for (const code of ['GONE', 'SPRING', '', ' ', 'x'.repeat(101), coupon]) {
      expect([code, await run(organizationId, 'promote', { code })]).toEqual([code, 'BAD_USER_INPUT']);
    }
    expect(await run(organizationId, 'promote', { code: 'SPRING20' })).toMatchObject({
      discount: { promotionCode: 'SPRING20', percentOff: '20' },
    });
    const { data } = await ask(organizationId, PREVIEW, { planId: 'starter' });
    expect(data.previewPlanChange.nextInvoice.amountDue).toEqual({ amount: '23.20', currency: 'EUR' });
    expect(await run(await signUp(), 'promote', { code: 'SPRING20' })).toBe('CONFLICT');
  });

  /** Answers to requests that change something are lost from the `from`th on, before or after their effect. */
  function losing({ from = 1, hasEffect = true }: { from?: number; hasEffect?: boolean } = {}): Services {
    const keys = new Set<string>();
    const send = async (outbound: OutboundRequest) => {
      const key = String(outbound.headers?.['idempotency-key'] ?? '');
      if (key) keys.add(key);
      const isLost = key !== '' && keys.size >= from;
      const answer = isLost && !hasEffect ? undefined : await services.http.send(outbound);
      if (isLost || !answer) throw new Error('The connection was cut.');
      return answer;
    };
    return { ...services, http: { send } as unknown as HttpClient };
  }
  const pendingOf = (organizationId: string) =>
    database.query<object[]>('SELECT FROM billing.pending_command WHERE organization_id = $1', [organizationId]);

  const lostCommands: Record<
    string,
    [number, string, (context: Context) => Promise<unknown>, (of: string) => Promise<unknown>]
  > = {
    'a promotion code': [1, 'discounted', (context) => applyPromotionCode(context, { code: 'LOST10' }), async () => {}],
    'a cancellation': [1, 'cancelled', (context) => cancelSubscription(context, { atPeriodEnd: true }), async () => {}],
    'a cancellation at once': [
      1,
      'cancelled',
      (context) => cancelSubscription(context, { atPeriodEnd: false }),
      async () => {},
    ],
    'a pause': [1, 'paused', (context) => pauseSubscription(context, {}), async () => {}],
    'a resumption': [1, 'resumed', resumeSubscription, (of) => run(of, 'cancel')],
    'a larger plan': [1, 'plan-changed', (context) => changePlan(context, { planId: 'agency' }), async () => {}],
    'a smaller plan': [2, 'plan-changed', (context) => changePlan(context, { planId: 'starter' }), async () => {}],
  };

  it.each(Object.keys(lostCommands))('records %s once when Stripe has done it and its answer is lost', async (name) => {
    const [from, action, command, prepare] = lostCommands[name] as (typeof lostCommands)[string];
    const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: 'once' });
    const codes = await stripe.promotionCodes.list({ code: 'LOST10' });
    if (codes.data.length === 0)
      await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: 'LOST10' });
    for (const isRepeated of [true, false]) {
      const { organizationId } = await buy();
      await prepare(organizationId);
      const before = await auditOf(organizationId);
      const first = createContext(losing({ from }), database, owner(organizationId, 'lost'));
      await expect(command(first)).rejects.toMatchObject({ code: 'RESULT_UNKNOWN', retryAfter: 30 });
      expect(await auditOf(organizationId)).toEqual(before);
      expect(await pendingOf(organizationId)).toHaveLength(1);
      if (isRepeated && name !== 'a cancellation at once') await command(contextOf(organizationId));
      now = new Date(now.getTime() + 61_000);
      await running.jobs.find(({ name }) => name === 'billing.settle-commands')?.run({} as never, testJobRun());
      expect(await auditOf(organizationId)).toEqual([...before, `subscription.${action} SUCCESS`]);
      const [event] = await services.operations.query<object[]>(
        'SELECT request_id, before, after FROM operations.audit_event WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1',
        [organizationId],
      );
      expect(event).toMatchObject({ request_id: 'lost', before: { planId: 'pro' }, after: expect.any(Object) });
      expect(await pendingOf(organizationId)).toEqual([]);
    }
  });

  it('of a killed process is recorded by the next reading, and what had no effect never is', async () => {
    const { organizationId } = await buy();
    let end = () => {};
    const ended = new Promise<never>((_resolve, reject) => {
      end = () => reject(new Error('It was killed.'));
    });
    let isDone = false;
    const send = async (outbound: OutboundRequest) => {
      const answer = await services.http.send(outbound);
      if (outbound.method === 'GET') return answer;
      isDone = true;
      return ended;
    };
    const hung = { ...services, http: { send } as unknown as HttpClient };
    const killed = cancelSubscription(createContext(hung, database, owner(organizationId)), { atPeriodEnd: true });
    while (!isDone) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([0, 1].map(() => syncCustomer(contextOf(organizationId), { organizationId })));
    end();
    await expect(killed).rejects.toMatchObject({ code: 'RESULT_UNKNOWN' });
    await syncCustomer(contextOf(organizationId), { organizationId });
    expect(await auditOf(organizationId)).toEqual(['subscription.cancelled SUCCESS']);
    const without = createContext(losing({ hasEffect: false }), database, owner(organizationId));
    await expect(resumeSubscription(without)).rejects.toMatchObject({ code: 'RESULT_UNKNOWN' });
    await syncCustomer(contextOf(organizationId), { organizationId });
    expect(await pendingOf(organizationId)).toHaveLength(1);
    now = new Date(now.getTime() + 10 * 60_000);
    await syncCustomer(contextOf(organizationId), { organizationId });
    expect(await pendingOf(organizationId)).toEqual([]);
    expect(await auditOf(organizationId)).toEqual(['subscription.cancelled SUCCESS']);
  });

  it('is as it was while Stripe is away, with the time to wait, and can be changed afterwards', async () => {
    const { organizationId } = await buy();
    const faults = `${simulator.url}/_simulator/faults`;
    const fault = { provider: 'stripe', kind: 'status', status: 500, times: 50 };
    const headers = { 'content-type': 'application/json' };
    const made = await fetch(faults, { method: 'POST', headers, body: JSON.stringify(fault) });
    expect(made.status).toBeLessThan(300);
    const away = await ask(organizationId, CHANGE, { planId: 'agency' });
    expect(away).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      error: { extensions: { retryAfter: expect.any(Number) } },
    });
    expect(await run(organizationId, 'cancel')).toBe('PROVIDER_UNAVAILABLE');
    await fetch(faults, { method: 'DELETE' });
    expect((await stateOf(organizationId)).subscription).toMatchObject({ plan: { id: 'pro' }, cancelsAt: null });
    expect((await ask(organizationId, CHANGE, { planId: 'agency' })).error).toBeUndefined();
  });

  it('whose customer was deleted at Stripe is over', async () => {
    const { organizationId, customerId } = await buy();
    now = new Date(signedUpAt.getTime() + 15 * DAY_MS);
    await stripe.customers.del(customerId);
    expect((await ask(organizationId, CHANGE, { planId: 'agency' })).code).toBe('CONFLICT');
    expect((await stateOf(organizationId)).subscription).toMatchObject({ status: 'CANCELED', plan: { id: 'free' } });
  });

  describe('of an organization that is being deleted', () => {
    const runJob = (name: string, data: object = {}) =>
      running.jobs.find((job) => job.name === `billing.${name}`)?.run(data as never, testJobRun());
    const follow = async (organizationId: string, deletionAt: string | null) => {
      if (deletionAt) deletions.set(organizationId, deletionAt);
      else deletions.delete(organizationId);
      for (let time = 0; time < 2; time += 1) await runJob('follow-deletion', { organizationId });
    };
    const totals = async (of: string) => {
      await syncCustomer(contextOf(of), { organizationId: of });
      return (await stateOf(of)).invoices.edges.map(({ node }: any) => node.total.amount);
    };

    it.each([
      ['renews within the week', undefined, '2026-10-30T00:00:00Z', '2026-11-03T00:00:00Z', ['99.00']],
      [
        'is in its trial',
        { trial_end: Date.parse('2026-10-05T00:00:00Z') / 1000 },
        '2026-10-02T00:00:00Z',
        '2026-10-07T00:00:00Z',
        ['0.00'],
      ],
    ])('that %s is not charged any more', async (_title, parameters, requested, over, invoices) => {
      const { organizationId } = await buy({ card: parameters ? 'pm_card_diners' : 'pm_card_jcb', parameters });
      now = new Date(requested);
      await follow(organizationId, '2026-11-09T00:00:00.000Z');
      expect((await stateOf(organizationId)).subscription).toMatchObject({ cancelsAt: expect.any(String) });
      now = new Date(over);
      expect(await totals(organizationId)).toEqual(invoices);
      expect((await stateOf(organizationId)).subscription.status).not.toBe('ACTIVE');
      await follow(organizationId, null);
      expect(await totals(organizationId)).toEqual(invoices);
      expect(await auditOf(organizationId)).toEqual(['subscription.cancelled SUCCESS']);
    });

    it('is not dunned for an invoice that was open already, and is again when the deletion is cancelled', async () => {
      const parameters = { trial_end: Date.parse('2026-10-05T00:00:00Z') / 1000 };
      // Its trial with this card is the first, whatever others have bought.
      await database.query('DELETE FROM billing.known_card');
      const { organizationId, customerId } = await buy({ card: 'pm_card_chargeCustomerFail', parameters });
      const attempts = async () => {
        const { data } = await stripe.invoices.list({ customer: customerId, status: 'open' });
        return data.map(({ attempt_count: count, auto_advance: isCollected }) => [count, isCollected]);
      };
      now = new Date('2026-10-05T12:00:00Z');
      await syncCustomer(contextOf(organizationId), { organizationId });
      expect(await attempts()).toEqual([[1, true]]);
      await follow(organizationId, '2026-10-12T12:00:00.000Z');
      now = new Date('2026-10-12T11:00:00Z');
      expect(await attempts()).toEqual([[1, false]]);
      await follow(organizationId, null);
      now = new Date('2026-10-13T11:00:00Z');
      const [[count, isCollected] = []] = await attempts();
      expect([Number(count) > 1, isCollected]).toEqual([true, true]);
    });

    it('cannot be renewed, and goes on as it was, with its pending change, when the deletion is cancelled', async () => {
      const { organizationId } = await buy({ planId: 'agency' });
      await ask(organizationId, CHANGE, { planId: 'starter' });
      const before = (await stateOf(organizationId)).subscription;
      expect(before).toMatchObject({ cancelsAt: null, pendingChange: { plan: { id: 'starter' } } });
      const deletionAt = '2026-10-09T00:00:00.000Z';
      await follow(organizationId, deletionAt);
      const stopped = { cancelsAt: '2026-11-01T09:30:00.000Z', pendingChange: null };
      expect((await stateOf(organizationId)).subscription).toMatchObject(stopped);
      expect(await run(organizationId, 'resume')).toBe('CONFLICT');
      expect((await ask(organizationId, CHANGE, { planId: 'agency' })).code).toBe('CONFLICT');
      const [row] = await database.query(
        'SELECT stripe_subscription_id AS id FROM billing.subscription WHERE organization_id = $1',
        [organizationId],
      );
      // As the billing portal does.
      await stripe.subscriptions.update(row.id, { cancel_at_period_end: false });
      await runJob('follow-deletions');
      expect((await stateOf(organizationId)).subscription).toMatchObject(stopped);
      await follow(organizationId, null);
      expect((await stateOf(organizationId)).subscription).toEqual(before);
      now = new Date('2026-11-01T12:00:00Z');
      expect((await totals(organizationId))[0]).toBe('29.00');
      const [, ...audited] = await auditOf(organizationId);
      expect(audited).toEqual(['cancelled', 'cancelled', 'resumed'].map((what) => `subscription.${what} SUCCESS`));
    });

    it('stays cancelled when its owner wanted that, too, and nothing can be bought meanwhile', async () => {
      const { organizationId } = await buy();
      await follow(organizationId, '2026-10-09T00:00:00.000Z');
      for (let time = 0; time < 2; time += 1) await run(organizationId, 'cancel');
      await follow(organizationId, null);
      expect((await stateOf(organizationId)).subscription.cancelsAt).toBe('2026-11-01T09:30:00.000Z');
      expect(await auditOf(organizationId)).toEqual(Array(2).fill('subscription.cancelled SUCCESS'));
      const other = await signUp();
      const { data } = await ask(other, CHECKOUT, { planId: 'pro' });
      await follow(other, '2026-10-09T00:00:00.000Z');
      expect((await payCheckout(data.startCheckout.url)).location).toBeNull();
      expect((await ask(other, CHECKOUT, { planId: 'pro' })).code).toBe('CONFLICT');
      await follow(other, null);
      expect((await ask(other, CHECKOUT, { planId: 'pro' })).error).toBeUndefined();
    });
  });

  it('of a deleted organization is cancelled at once, its customer deleted, and its invoices kept', async () => {
    const { organizationId, customerId } = await buy();
    const erase = () =>
      running.jobs
        .find(({ name }) => name === 'billing.erase-organization')
        ?.run({ organizationId } as never, testJobRun());
    await fetch(`${simulator.url}/_simulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'stripe', kind: 'status', status: 500, times: 50 }),
    });
    await expect(erase()).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    await fetch(`${simulator.url}/_simulator/faults`, { method: 'DELETE' });
    await erase();
    await erase();
    expect(await stripe.customers.retrieve(customerId)).toMatchObject({ deleted: true });
    const subscriptions = await stripe.subscriptions
      .list({ customer: customerId, status: 'all' })
      .catch(() => ({ data: [] }));
    expect(subscriptions.data.filter(({ status }) => status !== 'canceled')).toEqual([]);
    const invoices = await database.query(
      'SELECT organization_id AS "organizationId", kept_until::text AS "keptUntil", total::int FROM billing.invoice WHERE customer_id = $1',
      [customerId],
    );
    expect(invoices).toEqual([{ organizationId: null, keptUntil: '2036-12-31', total: 9_900 }]);
    expect(
      await database.query('SELECT FROM billing.subscription WHERE organization_id = $1', [organizationId]),
    ).toEqual([]);
  });
});
