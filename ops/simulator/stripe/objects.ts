import type Stripe from 'stripe';

/** A Stripe type as it is stored and sent when nothing is expanded: references are ids, decimals are text. */
export type Stored<T> = T extends Stripe.Decimal
  ? string
  : T extends object
    ? { [Name in keyof T]: StoredField<T[Name]> }
    : T;
type StoredField<T> = string extends T ? Exclude<T, { id: string }> : Stored<T>;

/** Every kind of object, by the value of its field `object`. */
export interface Objects {
  'billing.meter': Stored<Stripe.Billing.Meter>;
  'billing.meter_event': Stored<Stripe.Billing.MeterEvent> & { id: string };
  'billing_portal.configuration': Stored<Stripe.BillingPortal.Configuration>;
  'billing_portal.session': Stored<Stripe.BillingPortal.Session>;
  charge: Stored<Stripe.Charge>;
  'checkout.session': Stored<Stripe.Checkout.Session>;
  coupon: Stored<Stripe.Coupon>;
  credit_note: Stored<Stripe.CreditNote>;
  customer: Stored<Stripe.Customer>;
  customer_balance_transaction: Stored<Stripe.CustomerBalanceTransaction>;
  discount: Stored<Stripe.Discount>;
  dispute: Stored<Stripe.Dispute>;
  event: Stored<Omit<Stripe.Event, 'type' | 'data'>> & {
    type: string;
    data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
  };
  invoice: Stored<Stripe.Invoice>;
  invoice_payment: Stored<Stripe.InvoicePayment>;
  invoiceitem: Stored<Stripe.InvoiceItem>;
  item: Stored<Stripe.LineItem>;
  payment_intent: Stored<Stripe.PaymentIntent>;
  payment_method: Stored<Stripe.PaymentMethod>;
  price: Stored<Stripe.Price>;
  product: Stored<Stripe.Product>;
  promotion_code: Stored<Stripe.PromotionCode>;
  refund: Stored<Stripe.Refund>;
  setup_intent: Stored<Stripe.SetupIntent>;
  subscription: Stored<Stripe.Subscription>;
  subscription_schedule: Stored<Stripe.SubscriptionSchedule>;
  tax_id: Stored<Stripe.TaxId>;
  'test_helpers.test_clock': Stored<Stripe.TestHelpers.TestClock>;
  'v2.core.event': Omit<Stored<Stripe.V2.Core.Event>, 'data' | 'related_object'> & {
    type: string;
    data: MeterErrorReport;
    related_object: Stripe.V2.Core.Events.RelatedObject | null;
  };
  'v2.core.event_destination': Stored<Stripe.V2.Core.EventDestination>;
  webhook_endpoint: Stored<Stripe.WebhookEndpoint>;
}

type MeterErrorReport = Stripe.Events.V1BillingMeterErrorReportTriggeredEvent.Data;

export type Kind = keyof Objects;
export type AnyObject = Objects[Kind];

/** What remains of a deleted object. */
export interface DeletedObject {
  id: string;
  object: string;
  deleted: true;
}

const prefixes: Record<Kind, [prefix: string, length: number]> = {
  'billing.meter': ['mtr_test_', 28],
  'billing.meter_event': ['mevt_', 24],
  'billing_portal.configuration': ['bpc_', 24],
  'billing_portal.session': ['bps_', 24],
  charge: ['ch_', 24],
  'checkout.session': ['cs_test_', 58],
  coupon: ['', 8],
  credit_note: ['cn_', 24],
  customer: ['cus_', 14],
  customer_balance_transaction: ['cbtxn_', 24],
  discount: ['di_', 24],
  dispute: ['du_', 24],
  event: ['evt_', 24],
  invoice: ['in_', 24],
  invoice_payment: ['inpay_', 24],
  invoiceitem: ['ii_', 24],
  item: ['li_', 24],
  payment_intent: ['pi_', 24],
  payment_method: ['pm_', 24],
  price: ['price_', 24],
  product: ['prod_', 14],
  promotion_code: ['promo_', 24],
  refund: ['re_', 24],
  setup_intent: ['seti_', 24],
  subscription: ['sub_', 24],
  subscription_schedule: ['sub_sched_', 24],
  tax_id: ['txi_', 24],
  'test_helpers.test_clock': ['clock_', 24],
  'v2.core.event': ['evt_test_', 48],
  'v2.core.event_destination': ['ed_test_', 48],
  webhook_endpoint: ['we_', 24],
};

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits. */
export function randomText(length: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => LETTERS[byte % 62]).join('');
}

/** A new id of a kind, such as `cus_…`. */
export function newId(kind: Kind): string {
  const [prefix, length] = prefixes[kind];
  return prefix + randomText(length);
}
