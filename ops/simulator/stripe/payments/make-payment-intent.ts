import type { StripeAccount } from '#simulator/stripe/account.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';

type PaymentIntent = Objects['payment_intent'];

export interface PaymentRequest {
  /** In the smallest unit of the currency. */
  amount: number;
  currency: string;
  customer: string | null;
  description?: string | null | undefined;
  metadata?: Record<string, string> | undefined;
  receiptEmail?: string | null | undefined;
  setupFutureUsage?: 'off_session' | 'on_session' | null | undefined;
}

/** Makes a payment intent, and says so in an event. */
export function makePaymentIntent(account: StripeAccount, request: PaymentRequest): PaymentIntent {
  const intent = account.add('payment_intent', {
    allowed_payment_method_types: null,
    amount: request.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: null,
    confirmation_method: 'automatic',
    created: account.now(request.customer),
    currency: request.currency,
    customer: request.customer,
    customer_account: null,
    description: request.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: request.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: request.receiptEmail ?? null,
    review: null,
    setup_future_usage: request.setupFutureUsage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  });
  intent.client_secret = `${intent.id}_secret_${randomText(25)}`;
  account.emit('payment_intent.created', intent);
  return intent;
}
