import {
  isWithin,
  mergedMetadata,
  type Operation,
  operation,
  pageFields,
  pageOf,
} from '#simulator/stripe/operation.js';
import { emptyable, metadata, range, text } from '#simulator/stripe/wire/rules.js';

export const chargeOperations: readonly Operation[] = [
  operation('GET', '/v1/charges/{charge}', {}, ({ account, id }) => account.get('charge', id)),
  operation(
    'POST',
    '/v1/charges/{charge}',
    { description: emptyable(text()), metadata: metadata(), receipt_email: emptyable(text()) },
    ({ account, params, id }) => {
      const charge = account.get('charge', id);
      const { metadata: change, ...plain } = params;
      return account.change(charge, { ...plain, metadata: mergedMetadata(charge.metadata, change) }, 'charge.updated');
    },
    ['customer', 'fraud_details', 'shipping', 'transfer_group'],
  ),
  operation(
    'GET',
    '/v1/charges',
    { ...pageFields, created: range(), customer: text(), payment_intent: text() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('charge')
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (params.customer === undefined || one.customer === params.customer) &&
              (params.payment_intent === undefined || one.payment_intent === params.payment_intent),
          ),
        { params, path },
      ),
    ['transfer_group'],
  ),
];
