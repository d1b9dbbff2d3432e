import type Stripe from 'stripe';
import { askStripe, nullIfMissing } from '#billing/stripe/ask-stripe.js';
import type { StripeServices } from '#billing/stripe/stripe-client.js';
import { ConfigurationError } from '#runtime/errors.js';

/** More than a customer has in ten years of monthly invoices, each paid at the fifth attempt. */
const MAX_OBJECTS = 10_000;
const PAGE = 100;

/** A change of plan that a schedule makes at the end of the period. */
export interface ScheduledChange {
  price: Stripe.Price;
  /** Seconds since 1970. */
  at: number;
}

/** Everything about a customer that Stripe has and we mirror. */
export interface CustomerAtStripe {
  /** null = it was deleted. */
  customer: Stripe.Customer | null;
  subscriptions: Stripe.Subscription[];
  /** By the id of their subscription. */
  scheduledChanges: Map<string, ScheduledChange>;
  invoices: Stripe.Invoice[];
  intents: Stripe.PaymentIntent[];
  charges: Stripe.Charge[];
  /** By the id of their charge. */
  disputes: Map<string, Stripe.Dispute>;
  methods: Stripe.PaymentMethod[];
}

/** A customer of ours that Stripe never had: as with the key of another account, which must not end every subscription. */
export class UnknownCustomer extends ConfigurationError {
  constructor(customerId: string) {
    super(`Stripe has no customer ${customerId}: is STRIPE_SECRET_KEY the key of another account?`);
  }
}

/** Returns every object of a list; none where Stripe no longer has its customer. */
async function listAll<Item>(list: Stripe.ApiListPromise<Item>): Promise<Item[]> {
  return (await nullIfMissing(list.autoPagingToArray({ limit: MAX_OBJECTS }))) ?? [];
}

async function completeLines(stripe: Stripe, invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
  if (!invoice.lines.has_more) return invoice;
  const data = await listAll(stripe.invoices.listLineItems(invoice.id, { limit: PAGE }));
  return { ...invoice, lines: { ...invoice.lines, data, has_more: false } };
}

async function completeRefunds(stripe: Stripe, charge: Stripe.Charge): Promise<Stripe.Charge> {
  const { refunds } = charge;
  if (refunds ? !refunds.has_more : charge.amount_refunded === 0) return charge;
  const data = await listAll(stripe.refunds.list({ charge: charge.id, limit: PAGE }));
  return { ...charge, refunds: { object: 'list', url: '', has_more: false, data } };
}

/** Returns the next phase of an active schedule with its price. */
async function readScheduledChange(
  stripe: Stripe,
  { schedule }: Stripe.Subscription,
): Promise<ScheduledChange | undefined> {
  if (!schedule || typeof schedule === 'string' || schedule.status !== 'active') return undefined;
  const { current_phase: current, phases } = schedule;
  const next = phases.find(({ start_date }) => current && start_date >= current.end_date);
  if (!next) return undefined;
  const ids = next.items.map(({ price }) => (typeof price === 'string' ? price : price.id));
  const prices = await Promise.all(ids.map((id) => stripe.prices.retrieve(id)));
  const price = prices.find(({ recurring }) => recurring?.usage_type !== 'metered');
  return price && { price, at: next.start_date };
}

async function readDispute(stripe: Stripe, charge: string): Promise<[string, Stripe.Dispute][]> {
  const disputes = await listAll(stripe.disputes.list({ charge, limit: PAGE }));
  const [last] = disputes.sort((one, other) => other.created - one.created || (other.id < one.id ? -1 : 1));
  return last ? [[charge, last]] : [];
}

/**
 * Reads a customer's present state from Stripe, in about six requests. `knownSubscriptionId` is read by its id where the
 * customer is gone. Throws as askStripe does.
 */
export function readCustomer(
  services: StripeServices,
  { customerId, knownSubscriptionId }: { customerId: string; knownSubscriptionId: string | null },
): Promise<CustomerAtStripe> {
  return askStripe(services, async (stripe) => {
    const of = { customer: customerId, limit: PAGE };
    const expandOfSubscriptions = ['schedule', 'discounts.source.coupon', 'discounts.promotion_code'];
    const [customer, subscriptions, invoices, intents, charges] = await Promise.all([
      nullIfMissing(stripe.customers.retrieve(customerId)),
      listAll(
        stripe.subscriptions.list({
          ...of,
          status: 'all',
          expand: expandOfSubscriptions.map((path) => `data.${path}`),
        }),
      ),
      listAll(stripe.invoices.list({ ...of, expand: ['data.payments'] })),
      listAll(stripe.paymentIntents.list(of)),
      listAll(stripe.charges.list({ ...of, expand: ['data.refunds'] })),
    ]);
    if (customer === null && services.config.stripe) throw new UnknownCustomer(customerId);
    const isThere = customer !== null && !customer.deleted;
    if (!isThere && knownSubscriptionId && !subscriptions.some(({ id }) => id === knownSubscriptionId)) {
      const known = await nullIfMissing(
        stripe.subscriptions.retrieve(knownSubscriptionId, { expand: expandOfSubscriptions }),
      );
      if (known) subscriptions.push(known);
    }
    const [methods, scheduled, completeInvoices, completeCharges, disputes] = await Promise.all([
      isThere ? listAll(stripe.customers.listPaymentMethods(customerId, { limit: PAGE })) : [],
      Promise.all(
        subscriptions.map(async (subscription) => [subscription.id, await readScheduledChange(stripe, subscription)]),
      ),
      Promise.all(invoices.map((invoice) => completeLines(stripe, invoice))),
      Promise.all(charges.map((charge) => completeRefunds(stripe, charge))),
      Promise.all(charges.filter(({ disputed }) => disputed).map(({ id }) => readDispute(stripe, id))),
    ]);
    const changes = scheduled.filter((entry): entry is [string, ScheduledChange] => entry[1] !== undefined);
    return {
      customer: isThere ? customer : null,
      subscriptions,
      scheduledChanges: new Map(changes),
      invoices: completeInvoices,
      intents,
      charges: completeCharges,
      disputes: new Map(disputes.flat()),
      methods,
    };
  });
}
