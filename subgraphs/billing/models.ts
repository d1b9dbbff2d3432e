// The parent values of GraphQL types whose fields have resolvers (read by `npm run schema`).

import type { Page } from '#kit/page.js';
import type { Overage, Plan } from '#runtime/entitlements/plans.js';
import type { Invoice, InvoiceLine, InvoiceTax } from './entities/invoice.js';
import type { Payment, StoredRefund } from './entities/payment.js';
import type { StoredDiscount, Subscription } from './entities/subscription.js';
import type { PlanChangePreview } from './services/commands/preview-plan-change.js';
import type { SubscriptionOverage } from './usage/meters/count-overage.js';
import type { OrganizationDay } from './usage/record-usage.js';

interface InCurrency {
  /** ISO 4217. */
  currency: string;
}

export type PlanModel = Plan;
export type UsageDayModel = OrganizationDay;
export type PlanOverageModel = Overage;
export type OrganizationSubscriptionModel = Subscription;
export type SubscriptionDiscountModel = StoredDiscount;
export type SubscriptionOverageModel = SubscriptionOverage;
export type PlanChangePreviewModel = PlanChangePreview;
export type PlanChangeLineModel = InvoiceLine & InCurrency;
export type InvoiceModel = Invoice;
export type InvoiceConnectionModel = Page<Invoice>;
export type InvoiceLineModel = InvoiceLine & InCurrency;
export type InvoiceTaxModel = InvoiceTax & InCurrency;
export type PaymentModel = Payment;
export type PaymentConnectionModel = Page<Payment>;
export type RefundModel = StoredRefund & InCurrency;

/** The organization as the gateway references it. */
export interface OrganizationModel {
  id: string;
  /** ISO 8601, from the auth subgraph when the subscription is requested. */
  createdAt?: unknown;
  /** From the subgraphs that count, when entitlements are requested; null = away. */
  memberCount?: number | null;
  connectionCount?: number | null;
  accountCount?: number | null;
  clientCount?: number | null;
  monthlyReportCount?: number | null;
  scheduleCount?: number | null;
}
