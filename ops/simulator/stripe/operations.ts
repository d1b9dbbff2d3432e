import { billingOperations } from './billing/index.js';
import { couponOperations } from './catalogue/coupons.js';
import { priceOperations } from './catalogue/prices.js';
import { productOperations } from './catalogue/products.js';
import { promotionCodeOperations } from './catalogue/promotion-codes.js';
import { checkoutOperations } from './checkout/sessions.js';
import { customerOperations } from './customers/customers.js';
import { paymentMethodOperations } from './customers/payment-methods.js';
import { setupIntentOperations } from './customers/setup-intents.js';
import { taxIdOperations } from './customers/tax-ids.js';
import type { Operation } from './operation.js';
import { chargeOperations } from './payments/charges.js';
import { disputeOperations } from './payments/disputes.js';
import { paymentIntentOperations } from './payments/payment-intents.js';
import { refundOperations } from './payments/refunds.js';
import { portalConfigurationOperations } from './portal/configurations.js';
import { portalSessionOperations } from './portal/sessions.js';
import { webhookEndpointOperations } from './webhooks/endpoints.js';
import { eventDestinationOperations } from './webhooks/event-destinations.js';
import { eventOperations } from './webhooks/events.js';

const operations: readonly Operation[] = [
  ...customerOperations,
  ...taxIdOperations,
  ...paymentMethodOperations,
  ...setupIntentOperations,
  ...productOperations,
  ...priceOperations,
  ...couponOperations,
  ...promotionCodeOperations,
  ...paymentIntentOperations,
  ...chargeOperations,
  ...refundOperations,
  ...disputeOperations,
  ...billingOperations,
  ...checkoutOperations,
  ...portalConfigurationOperations,
  ...portalSessionOperations,
  ...eventOperations,
  ...webhookEndpointOperations,
  ...eventDestinationOperations,
];

const routes = operations.map((operation) => ({ operation, parts: operation.path.split('/') }));

export interface Match {
  operation: Operation;
  ids: string[];
}

/** Finds what a method and a path ask for; a fixed word goes before an id. */
export function findOperation(method: string, path: string): Match | undefined {
  const parts = path.split('/');
  const found = routes
    .filter(
      (route) =>
        route.operation.method === method &&
        route.parts.length === parts.length &&
        route.parts.every((part, n) => (part.startsWith('{') ? parts[n] !== '' : part === parts[n])),
    )
    .sort((one, other) => placeholders(one.parts) - placeholders(other.parts))[0];
  if (!found) return undefined;
  const ids = found.parts.flatMap((part, n) => (part.startsWith('{') ? [decodeURIComponent(parts[n] ?? '')] : []));
  return { operation: found.operation, ids };
}

function placeholders(parts: readonly string[]): number {
  return parts.filter((part) => part.startsWith('{')).length;
}
