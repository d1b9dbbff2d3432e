import type { StripeAccount } from '#simulator/stripe/account.js';
import type { DisputeReason } from '#simulator/stripe/customers/cards.js';
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
import { boolean, emptyable, metadata, object, range, text, type Values } from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';

type Dispute = Objects['dispute'];

const evidenceNames = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const;

const evidenceText = emptyable(text({ max: 20_000 }));
const updateFields = {
  evidence: object(Object.fromEntries(evidenceNames.map((name) => [name, evidenceText])), [
    'appeal',
    'enhanced_evidence',
  ]),
  metadata: metadata(),
  submit: boolean(),
};
const DAY = 24 * 60 * 60;
const DAYS_TO_ANSWER = 9;

export const disputeOperations: readonly Operation[] = [
  operation('GET', '/v1/disputes/{dispute}', {}, ({ account, id }) => account.get('dispute', id)),
  operation('POST', '/v1/disputes/{dispute}', updateFields, update, ['intended_submission_method']),
  operation('POST', '/v1/disputes/{dispute}/close', {}, ({ account, id }) => {
    const dispute = account.get('dispute', id);
    if (!isOpen(dispute)) throw invalidRequest('This dispute is already closed.');
    return close(account, dispute, 'lost');
  }),
  operation(
    'GET',
    '/v1/disputes',
    { ...pageFields, charge: text(), created: range(), payment_intent: text() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('dispute')
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

/** The bank of a customer takes a payment back: https://docs.stripe.com/testing#disputes */
export function openDispute(account: StripeAccount, charge: Objects['charge'], reason: DisputeReason): Dispute {
  const created = account.now(charge.customer);
  const dispute = account.add('dispute', {
    amount: charge.amount,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {
      ...Object.fromEntries(evidenceNames.map((name) => [name, null])),
      enhanced_evidence: {},
    } as Dispute['evidence'],
    evidence_details: {
      due_by: created + DAYS_TO_ANSWER * DAY,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
    intended_submission_method: 'manual',
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    network_reason_code: null,
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: charge.payment_method_details?.card?.brand ?? 'visa',
        case_type: 'chargeback',
        network: charge.payment_method_details?.card?.network ?? 'visa',
        network_reason_code: reason === 'fraudulent' ? '10.4' : '13.1',
      },
      type: 'card',
    } as Dispute['payment_method_details'],
    reason,
    status: 'needs_response',
  } as Omit<Dispute, 'id' | 'object'>);
  account.change(charge, { disputed: true }, 'charge.updated');
  account.emit('charge.dispute.created', dispute);
  account.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** Whether a dispute is not decided yet. */
export function isOpen({ status }: Dispute): boolean {
  return status !== 'won' && status !== 'lost' && status !== 'warning_closed';
}

/** Evidence decides at once if it is `winning_evidence` or `losing_evidence`; other evidence is under review for ever. */
function update({ account, params, id }: Call<Values<typeof updateFields>>): Dispute {
  const dispute = account.get('dispute', id);
  if (params.evidence && !isOpen(dispute))
    throw invalidRequest('This dispute is already closed.', { param: 'evidence' });
  const isSubmitted = params.evidence !== undefined && params.submit !== false;
  account.change(
    dispute,
    {
      evidence: { ...dispute.evidence, ...(params.evidence as Partial<Dispute['evidence']>) },
      evidence_details: {
        ...dispute.evidence_details,
        has_evidence: params.evidence !== undefined || dispute.evidence_details.has_evidence,
        submission_count: dispute.evidence_details.submission_count + (isSubmitted ? 1 : 0),
      },
      metadata: mergedMetadata(dispute.metadata, params.metadata),
      ...(isSubmitted && { status: 'under_review' }),
    },
    'charge.dispute.updated',
  );
  const outcome = isSubmitted ? outcomes[params.evidence?.uncategorized_text ?? ''] : undefined;
  return outcome ? close(account, dispute, outcome) : dispute;
}

const outcomes: Record<string, 'won' | 'lost'> = { winning_evidence: 'won', losing_evidence: 'lost' };

function close(account: StripeAccount, dispute: Dispute, status: 'won' | 'lost'): Dispute {
  account.change(dispute, { status }, 'charge.dispute.updated');
  account.emit('charge.dispute.closed', dispute);
  if (status === 'won') account.emit('charge.dispute.funds_reinstated', dispute);
  return dispute;
}
