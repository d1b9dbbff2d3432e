import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import type { DataSource } from 'typeorm';
import { type Context, createContext } from '#billing/context.js';
import { openBillingDatabase } from '#billing/database.js';
import { InvoiceEntity } from '#billing/entities/invoice.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { followClockJob } from '#billing/jobs/follow-clock.js';
import { noticeJobs } from '#billing/jobs/notice-jobs.js';
import { openBillingPortal } from '#billing/services/commands/open-billing-portal.js';
import { startCheckout } from '#billing/services/commands/start-checkout.js';
import { readStanding } from '#billing/standing/read-standing.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { standingAt } from '#runtime/entitlements/entitlement.js';
import { beginTrial, readEntitlement } from '#runtime/entitlements/entitlements.js';
import type { BillingInterval } from '#runtime/entitlements/plans.js';
import type { Services } from '#runtime/services.js';
import { startSimulator } from '#simulator/index.js';
import { actInPortal, payCheckout, payInvoice, stripeClient } from '#simulator/stripe/client-for-tests.js';

export const DAY_MS = 24 * 60 * 60 * 1000;

/** One customer's life: what is done on which day after the sign-up, and what is expected of each day. */
export interface Life {
  title: string;
  /** Of the sign-up, after the first day of all; default 0. */
  begins?: number;
  acts: Record<number, (life: Acting) => Promise<unknown>>;
  /** The days from which a status, plan and access hold. */
  states: string;
  /** The days of each kind of mail. */
  mails: Record<string, string>;
  /** Events of Stripe are lost from the first to the second day. */
  lost?: [number, number];
}

/** What a customer, or the support, can do. */
export interface Acting {
  context: Context;
  /** As the support uses it. */
  stripe: Stripe;
  /** A card of its own. */
  card: string;
  buy(wanted: { planId: string; interval?: BillingInterval; card?: string; expiry?: string }): Promise<void>;
  changeCard(card: string): Promise<void>;
  /** On the page that the mail links to. */
  payOpenInvoice(card: string): Promise<void>;
  subscriptionId(): Promise<string>;
  lastCharge(): Promise<string>;
  change(settings: Record<string, unknown>): Promise<void>;
}

/** What happened in a life. */
export interface Lived {
  states: string;
  mails: Record<string, string>;
  /** Days on which what was published differs from what holds. */
  differing: string[];
}

/** Returns a valid card number of its own, which the simulator takes for a Visa card. */
export function cardNumber(index: number): string {
  const digits = `424242${String(index).padStart(9, '0')}`;
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const manager = { id: randomUUID(), name: 'Ada', email: 'ada@example.com' };
const organization = { name: 'Northwind', timeZone: 'Europe/Berlin', billingManagers: [manager] };

interface Stage {
  services: Services;
  database: DataSource;
  stripe: Stripe;
  change(settings: Record<string, unknown>): Promise<void>;
}

function actingFor({ services, database, stripe, change }: Stage, organizationId: string, card: string): Acting {
  const context = createContext(services, database, {
    ...{ kind: 'user', userId: manager.id, organizationId, role: 'OWNER', scopes: [] },
    requestId: randomUUID(),
  });
  const arrived = ({ location, error, html }: { location: string | null; error: string | null; html: string }) => {
    if (!location && (error || !html)) throw new Error(`The page says: ${error}`);
  };
  const stored = () => database.manager.findOneByOrFail(SubscriptionEntity, { organizationId });
  const subscriptionId = async () => (await stored()).stripeSubscriptionId ?? '';
  return {
    ...{ context, stripe, card, subscriptionId, change },
    buy: async ({ planId, interval = 'MONTH', expiry, ...given }) => {
      const { url } = await startCheckout(context, { planId, interval, currency: 'EUR' });
      arrived(await payCheckout(url, { card: given.card ?? card, expiry }));
    },
    changeCard: async (number) => {
      const { url } = await openBillingPortal(context, {});
      arrived(await actInPortal(url, 'card', { card_number: number }));
    },
    payOpenInvoice: async (number) => {
      const invoice = await database.manager.findOneByOrFail(InvoiceEntity, { organizationId, status: 'open' });
      arrived(await payInvoice(invoice.hostedUrl ?? '', { card: number }));
    },
    lastCharge: async () => {
      const customer = (await stored()).customerId ?? '';
      return (await stripe.charges.list({ customer, limit: 1 })).data[0]?.id ?? '';
    },
  };
}

/** Applies the events since the last time, as the job of webhooks does. */
async function eventsOf({ services, database, stripe }: Stage) {
  await stripe.products.create({ name: 'The first event' });
  let last = (await stripe.events.list({ limit: 1 })).data[0]?.id ?? '';
  const customerIn = async ({ object }: Stripe.Event.Data): Promise<string | null> => {
    const { customer, charge, id, object: type } = object as unknown as Record<string, string | undefined>;
    if (customer) return customer;
    if (type === 'customer' && id) return id;
    return charge ? ((await stripe.charges.retrieve(charge)).customer as string | null) : null;
  };
  return async (isLost: (customerId: string) => boolean) => {
    const customers = new Set<string>();
    for (;;) {
      const { data } = await stripe.events.list({ limit: 100, ending_before: last });
      for (const event of data) {
        const customer = await customerIn(event.data);
        if (customer) customers.add(customer);
      }
      last = data[0]?.id ?? last;
      if (data.length < 100) break;
    }
    for (const customerId of customers)
      if (!isLost(customerId)) await syncCustomer({ services, database }, { customerId });
  };
}

const compact = (days: Map<string, number[]>) =>
  Object.fromEntries([...days].map(([kind, on]) => [kind, on.join(' ')]));

/**
 * Lives so many days of each life, one step a day: what is done, what has become due at the simulated Stripe, its events, and billing's
 * jobs. Sign-ups are at 10:00 UTC, steps at noon.
 */
export async function live(lives: Life[], { from, days }: { from: Date; days: number }): Promise<Lived[]> {
  let now = from;
  const simulator = await startSimulator({ now: () => now, quiet: true });
  const opened = await openTestServices({ now: () => now, simulatorUrl: simulator.url, isSold: true });
  try {
    const query = async () => ({ organization });
    const services: Services = { ...opened, graph: { ...opened.graph, query: query as Services['graph']['query'] } };
    const database = await openBillingDatabase(services);
    const change = async (settings: Record<string, unknown>) => {
      await fetch(`${simulator.url}/_simulator/settings`, { method: 'POST', body: JSON.stringify(settings) });
    };
    const stage: Stage = { services, database, stripe: stripeClient(simulator), change };
    const applyEvents = await eventsOf(stage);
    const jobs = [followClockJob(services, database), ...noticeJobs(services, database)];
    const lived = lives.map((life, index) => {
      const organizationId = randomUUID();
      const acting = actingFor(stage, organizationId, cardNumber(index + 1));
      const [states, mails, differing] = [[] as string[], new Map<string, number[]>(), [] as string[]];
      return { ...{ life, organizationId, acting, states, mails, differing, seen: 0 } };
    });
    const lastDay = days + Math.max(...lives.map(({ begins = 0 }) => begins));
    for (let day = 0; day <= lastDay; day += 1) {
      const present = lived.filter(({ life: { begins = 0 } }) => day >= begins && day <= begins + days);
      now = new Date(from.getTime() + day * DAY_MS + 10 * 3_600_000);
      for (const { organizationId, life } of present) {
        if (day === (life.begins ?? 0)) await beginTrial(services.operations, { organizationId, now });
      }
      now = new Date(now.getTime() + 2 * 3_600_000);
      await stage.stripe.balance.retrieve().catch(() => {});
      const lostCustomers = new Set<string>();
      for (const { organizationId, life, acting } of present) {
        const own = day - (life.begins ?? 0);
        if (life.lost && own >= life.lost[0] && own < life.lost[1]) {
          const row = await database.manager.findOneBy(SubscriptionEntity, { organizationId });
          if (row?.customerId) lostCustomers.add(row.customerId);
        }
        await life.acts[own]?.(acting)?.catch((error) => {
          throw new Error(`${life.title}, day ${own}: ${error.message}`, { cause: error });
        });
      }
      await applyEvents((customerId) => lostCustomers.has(customerId));
      for (const job of jobs) await job.run({} as never, testJobRun());
      for (const one of present) {
        const { organizationId, life, states, differing } = one;
        const own = day - (life.begins ?? 0);
        const subscription = await database.manager.findOneByOrFail(SubscriptionEntity, { organizationId });
        const { status, planId, access } = await readStanding(database.manager, { subscription, now });
        const state = `${status} ${planId}${access === 'FULL' ? '' : ' read-only'}`;
        if (states.at(-1)?.replace(/^\d+ /, '') !== state) states.push(`${own} ${state}`);
        const published = await readEntitlement(services.operations, { organizationId });
        const used = published && standingAt(published, now);
        if (used?.planId !== planId || used.access !== access) differing.push(`${own} ${JSON.stringify(used)}`);
      }
      const sent = await services.operations.query<{ organizationId: string; kind: string }[]>(
        `UPDATE operations.mail SET status = 'SENT', finished_at = now() WHERE status = 'QUEUED'
         RETURNING organization_id AS "organizationId", kind`,
      );
      // TypeORM returns the rows of an UPDATE and their number.
      for (const { organizationId, kind } of (sent as unknown as [typeof sent, number])[0]) {
        const one = present.find((other) => other.organizationId === organizationId);
        const on = one?.mails.get(kind.replace(/^billing-/, '')) ?? [];
        one?.mails.set(kind.replace(/^billing-/, ''), [...on, day - (one.life.begins ?? 0)]);
      }
    }
    return lived.map(({ states, mails, differing }) => ({
      ...{ states: states.join(', '), mails: compact(mails), differing },
    }));
  } finally {
    await opened.lifecycle.close();
    await simulator.close();
  }
}
