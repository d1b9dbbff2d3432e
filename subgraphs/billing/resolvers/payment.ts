import type { PaymentResolvers, PaymentStatus, RefundResolvers } from '#billing/resolver-types.js';
import { moneyOf } from '#billing/stripe/amounts.js';

export const Refund: RefundResolvers = {
  amount: ({ amount, currency }) => moneyOf(amount, currency),
  createdAt: ({ createdAt }) => new Date(createdAt),
};

export const Payment: PaymentResolvers = {
  status: ({ status }) => status.toUpperCase() as PaymentStatus,
  amount: ({ amount, currency }) => moneyOf(amount, currency),
  amountRefunded: ({ amountRefunded, currency }) => moneyOf(amountRefunded, currency),
  refunds: ({ refunds, currency }) => refunds.map((refund) => ({ ...refund, currency })),
  dispute: ({ disputeId: id, disputeStatus, disputeReason: reason, disputeAmount, disputeDueAt, currency }) =>
    id === null
      ? null
      : {
          ...{ id, reason, evidenceDueAt: disputeDueAt },
          status: disputeStatus ?? 'unknown',
          amount: disputeAmount === null ? null : moneyOf(disputeAmount, currency),
        },
};
