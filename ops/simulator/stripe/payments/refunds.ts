import type { StripeAccount } from '#simulator/stripe/account.js';
import { cardOf } from '#simulator/stripe/customers/cards.js';
import type { Objects } from '#simulator/stripe/objects.js';
import {
  type Call,
  isWithin,
  mergedMetadata,
  type Operation,
  operation,
  pageFields,
  pageOf,
} from '#simulator/stripe/operation.js';
import { integer, metadata, oneOf, range, text, type Values } from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { isOpen } from './disputes.js';

type Charge = Objects['charge'];
type Refund = Objects['refund'];

const createFields = {
  amount: integer({ min: 1 }),
  charge: text(),
  metadata: metadata(),
  payment_intent: text(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
};
const FOREIGN = ['currency', 'customer', 'instructions_email', 'origin', 'refund_application_fee', 'reverse_transfer'];
const FAILS_AFTER_SECONDS = 60;

export const refundOperations: readonly Operation[] = [
  operation('POST', '/v1/refunds', createFields, create, FOREIGN),
  operation('GET', '/v1/refunds/{refund}', {}, ({ account, id }) => account.get('refund', id)),
  operation('POST', '/v1/refunds/{refund}', { metadata: metadata() }, ({ account, params, id }) => {
    const refund = account.get('refund', id);
    return account.change(
      refund,
      { metadata: mergedMetadata(refund.metadata ?? {}, params.metadata) },
      'refund.updated',
    );
  }),
  operation(
    'GET',
    '/v1/refunds',
    { ...pageFields, charge: text(), created: range(), payment_intent: text() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('refund')
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (params.charge === undefined || one.charge === params.charge) &&
              (params.payment_intent === undefined || one.payment_intent === params.payment_intent),
          ),
        { params, path },
      ),
  ),
];

function create({ account, params }: Call<Values<typeof createFields>>): Refund {
  const charge = chargeOf(account, params);
  if (charge.status !== 'succeeded')
    throw invalidRequest(`Charge ${charge.id} has not been successful and cannot be refunded.`);
  if (charge.refunded)
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  if (account.list('dispute').some((dispute) => dispute.charge === charge.id && isOpen(dispute)))
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = params.amount ?? left;
  if (amount > left)
    throw invalidRequest(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`, {
      param: 'amount',
    });
  const refund = account.add('refund', {
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: account.now(charge.customer),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: mergedMetadata({}, params.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: params.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  });
  account.emit('refund.created', refund);
  refundOfCharge(account, charge, amount);
  return refund;
}

function refundOfCharge(account: StripeAccount, charge: Charge, amount: number): void {
  const amount_refunded = charge.amount_refunded + amount;
  account.change(charge, { amount_refunded, refunded: amount_refunded === charge.amount_captured }, 'charge.refunded');
}

function chargeOf(account: StripeAccount, params: Values<typeof createFields>): Charge {
  if (params.charge !== undefined) return account.get('charge', params.charge, 'charge');
  if (params.payment_intent === undefined)
    throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.', {
      code: 'parameter_missing',
      param: 'charge',
    });
  const intent = account.get('payment_intent', params.payment_intent, 'payment_intent');
  if (intent.status !== 'succeeded' || intent.latest_charge === null)
    throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      code: 'payment_intent_unexpected_state',
    });
  return account.get('charge', intent.latest_charge);
}

/** Lets refunds to cards that do not take them fail, a minute after they seemed to succeed. */
export function failRefunds(account: StripeAccount): void {
  for (const refund of account.list('refund')) {
    if (refund.status !== 'succeeded' || refund.created + FAILS_AFTER_SECONDS > account.now(refund.customer)) continue;
    const method = account.find('payment_method', refund.payment_method ?? '');
    if (!method || !cardOf(account, method).refundFails) continue;
    const charge = account.get('charge', refund.charge ?? '');
    account.change(
      charge,
      { amount_refunded: charge.amount_refunded - refund.amount, refunded: false },
      'charge.updated',
    );
    account.change(refund, { status: 'failed', failure_reason: 'expired_or_canceled_card' }, 'refund.updated');
    account.emit('refund.failed', refund);
  }
}
