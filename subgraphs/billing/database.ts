import { openDatabase } from '#runtime/database/database.js';
import type { Services } from '#runtime/services.js';
import { InvoiceEntity } from './entities/invoice.js';
import { NoticeEntity } from './entities/notice.js';
import { PaymentEntity } from './entities/payment.js';
import { PaymentMethodEntity } from './entities/payment-method.js';
import { StripeEventEntity } from './entities/stripe-event.js';
import { SubscriptionEntity } from './entities/subscription.js';
import { Subscriptions1764000000001 } from './migrations/0001-subscriptions.js';
import { PlanLimits1764100000021 } from './migrations/0002-plan-limits.js';
import { TrialConnections1764300000031 } from './migrations/0003-trial-connections.js';
import { PlansAsData1764600001404 } from './migrations/0004-plans-as-data.js';
import { StripeMirror1764600001421 } from './migrations/0005-stripe-mirror.js';
import { WebhookEndpoint1764600001423 } from './migrations/0006-webhook-endpoint.js';
import { Notices1764600001441 } from './migrations/0008-notices.js';
import { Reconciliation1764600001451 } from './migrations/0009-reconciliation.js';
import { Usage1764600001461 } from './migrations/0010-usage.js';
import { MeterEvents1764600001471 } from './migrations/0011-meter-events.js';
import { PendingCommands1764600001481 } from './migrations/0012-pending-commands.js';
import { Deletions1764600001491 } from './migrations/0013-deletions.js';
import { RejectedMeterEvents1764600001501 } from './migrations/0014-rejected-meter-events.js';

/** Oldest first. */
export const migrations = [
  Subscriptions1764000000001,
  PlanLimits1764100000021,
  TrialConnections1764300000031,
  PlansAsData1764600001404,
  StripeMirror1764600001421,
  WebhookEndpoint1764600001423,
  Notices1764600001441,
  Reconciliation1764600001451,
  Usage1764600001461,
  MeterEvents1764600001471,
  PendingCommands1764600001481,
  Deletions1764600001491,
  RejectedMeterEvents1764600001501,
];

/** Opens the schema `billing`, migrated. */
export function openBillingDatabase(services: Services) {
  return openDatabase(services, {
    schema: 'billing',
    entities: [SubscriptionEntity, InvoiceEntity, PaymentEntity, PaymentMethodEntity, StripeEventEntity, NoticeEntity],
    migrations,
  });
}
