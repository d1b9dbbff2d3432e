import type { StripeAccount } from '#simulator/stripe/account.js';
import type { Objects } from '#simulator/stripe/objects.js';
import { type Operation, operation, pageFields, pageOf } from '#simulator/stripe/operation.js';
import { required, text } from '#simulator/stripe/wire/rules.js';
import { invalidRequest, noSuch } from '#simulator/stripe/wire/stripe-error.js';
import { taxIdsOf } from './customer-lists.js';

export const taxIdFields = { type: required(text()), value: required(text()) };

/** Formats of the types that are simulated; a value must match. */
const formats: Record<string, RegExp> = {
  eu_vat: /^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[A-Z0-9]{2,12}$/,
  gb_vat: /^(GB)?\d{9}(\d{3})?$/,
  us_ein: /^\d{2}-?\d{7}$/,
  jp_cn: /^\d{13}$/,
  jp_trn: /^T\d{13}$/,
  ch_vat: /^CHE-?\d{3}\.?\d{3}\.?\d{3}\s?(MWST|TVA|IVA)$/,
  no_vat: /^\d{9}(MVA)?$/,
  ca_bn: /^\d{9}$/,
  au_abn: /^\d{11}$/,
};

export const taxIdOperations: readonly Operation[] = [
  operation('POST', '/v1/customers/{customer}/tax_ids', taxIdFields, ({ account, params, id }) => {
    const customer = account.get('customer', id, 'customer');
    return addTaxId(account, customer, params);
  }),
  operation('GET', '/v1/customers/{customer}/tax_ids', pageFields, ({ account, params, id, path }) => {
    account.get('customer', id);
    return pageOf(taxIdsOf(account, id), { params, path });
  }),
  operation('GET', '/v1/customers/{customer}/tax_ids/{id}', {}, ({ account, ids }) => find(account, ids)),
  operation('DELETE', '/v1/customers/{customer}/tax_ids/{id}', {}, ({ account, ids }) => {
    const taxId = find(account, ids);
    account.emit('customer.tax_id.deleted', taxId);
    return account.delete(taxId);
  }),
];

/** Adds a tax id to a customer, verified at once unless its value contains three zeros at its end. */
export function addTaxId(
  account: StripeAccount,
  customer: Objects['customer'],
  { type, value }: { type: string; value: string },
): Objects['tax_id'] {
  const format = formats[type];
  if (!format)
    throw invalidRequest(`Invalid type: ${type} is not a type of tax ID that is supported here`, { param: 'type' });
  if (!format.test(value.replaceAll(' ', '')))
    throw invalidRequest(`Invalid value for ${type}.`, { code: 'tax_id_invalid', param: 'value' });
  const known = taxIdsOf(account, customer.id).find((one) => one.type === type && one.value === value);
  if (known) return known;
  const taxId = account.add('tax_id', {
    country: type === 'eu_vat' ? value.slice(0, 2).replace('EL', 'GR') : type.slice(0, 2).toUpperCase(),
    created: account.now(customer.id),
    customer: customer.id,
    customer_account: null,
    livemode: false,
    owner: { customer: customer.id, customer_account: null, type: 'customer' },
    type,
    value,
    verification: {
      status: value.endsWith('000') ? 'unverified' : 'verified',
      verified_address: null,
      verified_name: customer.name ?? null,
    },
  });
  account.emit('customer.tax_id.created', taxId);
  return taxId;
}

function find(account: StripeAccount, [customer = '', id = '']: readonly string[]): Objects['tax_id'] {
  const taxId = account.find('tax_id', id);
  if (taxId?.customer !== customer) throw noSuch('tax ID', id);
  return taxId;
}
