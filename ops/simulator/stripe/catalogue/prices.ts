import type { StripeAccount } from '#simulator/stripe/account.js';
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
import {
  array,
  boolean,
  currency,
  decimal,
  emptyable,
  integer,
  metadata,
  object,
  oneOf,
  range,
  record,
  required,
  text,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';

type Price = Objects['price'];

const taxBehavior = oneOf('exclusive', 'inclusive', 'unspecified');
const MAX_AMOUNT = 99_999_999_999;
const amount = integer({ max: MAX_AMOUNT });
const amounts = object({ tax_behavior: taxBehavior, unit_amount: amount, unit_amount_decimal: decimal() }, [
  'custom_unit_amount',
  'tiers',
]);
const recurring = object({
  interval: required(oneOf('day', 'month', 'week', 'year')),
  interval_count: integer({ min: 1, max: 1095 }),
  meter: text(),
  trial_period_days: integer({ min: 1, max: 730 }),
  usage_type: oneOf('licensed', 'metered'),
});

/** What describes a price without its product. */
export const priceDataFields = {
  currency: required(currency()),
  currency_options: record(amounts, currency()),
  metadata: metadata(),
  recurring,
  tax_behavior: taxBehavior,
  unit_amount: amount,
  unit_amount_decimal: decimal(),
};

const createFields = {
  ...priceDataFields,
  active: boolean(),
  billing_scheme: oneOf('per_unit', 'tiered'),
  lookup_key: text({ max: 200 }),
  nickname: text(),
  product: text(),
  product_data: object(
    {
      active: boolean(),
      id: text(),
      metadata: metadata(),
      name: required(text({ max: 250 })),
      statement_descriptor: text({ max: 22 }),
      tax_code: text(),
      unit_label: text({ max: 12 }),
    },
    ['tax_details'],
  ),
  transfer_lookup_key: boolean(),
};
const updateFields = {
  active: boolean(),
  currency_options: emptyable(record(amounts, currency())),
  lookup_key: emptyable(text({ max: 200 })),
  metadata: metadata(),
  nickname: emptyable(text()),
  tax_behavior: taxBehavior,
  transfer_lookup_key: boolean(),
};
const FOREIGN = ['custom_unit_amount', 'tiers', 'tiers_mode', 'transform_quantity'];

export const priceOperations: readonly Operation[] = [
  operation('POST', '/v1/prices', createFields, create, FOREIGN),
  operation('GET', '/v1/prices/{price}', {}, ({ account, id }) => account.get('price', id)),
  operation('POST', '/v1/prices/{price}', updateFields, update),
  operation(
    'GET',
    '/v1/prices',
    {
      ...pageFields,
      active: boolean(),
      created: range(),
      currency: currency(),
      lookup_keys: array(text(), { max: 10 }),
      product: text(),
      recurring: object({
        interval: oneOf('day', 'month', 'week', 'year'),
        meter: text(),
        usage_type: oneOf('licensed', 'metered'),
      }),
      type: oneOf('one_time', 'recurring'),
    },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('price')
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (params.active === undefined || one.active === params.active) &&
              (params.currency === undefined || one.currency === params.currency) &&
              (params.lookup_keys === undefined || params.lookup_keys.includes(one.lookup_key ?? '')) &&
              (params.product === undefined || one.product === params.product) &&
              (params.type === undefined || one.type === params.type) &&
              Object.entries(params.recurring ?? {}).every(
                ([name, value]) => one.recurring?.[name as 'interval' | 'meter' | 'usage_type'] === value,
              ),
          ),
        { params, path },
      ),
  ),
];

function create({ account, params }: Call<Values<typeof createFields>>): Price {
  if ((params.product === undefined) === (params.product_data === undefined))
    throw invalidRequest(
      params.product === undefined
        ? 'You must specify either `product` or `product_data` when creating a price.'
        : 'You may only specify one of these parameters: product, product_data.',
      { param: 'product' },
    );
  if (params.billing_scheme === 'tiered') throw invalidRequest('Tiered prices need tiers.', { param: 'tiers' });
  checkRecurring(account, params.recurring);
  checkAmount(params);
  if (params.lookup_key !== undefined) claimLookupKey(account, params.lookup_key, params.transfer_lookup_key ?? false);
  const product =
    params.product ?? makeProduct(account, params.product_data as NonNullable<typeof params.product_data>);
  account.get('product', product, 'product');
  return makePrice(account, { ...params, product });
}

function makeProduct(account: StripeAccount, data: NonNullable<Values<typeof createFields>['product_data']>): string {
  const product = account.add('product', {
    ...(data.id !== undefined && { id: data.id }),
    active: data.active ?? true,
    created: account.now(),
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: mergedMetadata({}, data.metadata),
    name: data.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: data.statement_descriptor ?? null,
    tax_code: data.tax_code ?? null,
    tax_details: null,
    type: 'service',
    unit_label: data.unit_label ?? null,
    updated: account.now(),
    url: null,
  });
  account.emit('product.created', product);
  return product.id;
}

type PriceData = Partial<Values<typeof createFields>> & Values<typeof priceDataFields> & { product: string };

/** Makes a price of parameters that were checked. */
export function makePrice(account: StripeAccount, params: PriceData): Price {
  const { recurring: rhythm } = params;
  const price = account.add('price', {
    active: params.active ?? true,
    billing_scheme: 'per_unit',
    created: account.now(),
    currency: params.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: params.lookup_key ?? null,
    metadata: mergedMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product: params.product,
    recurring: rhythm
      ? {
          interval: rhythm.interval,
          interval_count: rhythm.interval_count ?? 1,
          meter: rhythm.meter ?? null,
          trial_period_days: rhythm.trial_period_days ?? null,
          usage_type: rhythm.usage_type ?? 'licensed',
        }
      : null,
    tax_behavior: params.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: rhythm ? 'recurring' : 'one_time',
    ...amountsOf(params),
  });
  account.extra(price.id).currency_options = optionsOf(price, params.currency_options ?? {});
  account.emit('price.created', price);
  return price;
}

function update({ account, params, id }: Call<Values<typeof updateFields>>): Price {
  const price = account.get('price', id);
  if (
    params.tax_behavior !== undefined &&
    price.tax_behavior !== 'unspecified' &&
    price.tax_behavior !== params.tax_behavior
  )
    throw invalidRequest('You cannot change the tax behavior of a price once it has been set.', {
      param: 'tax_behavior',
    });
  if (params.lookup_key && params.lookup_key !== price.lookup_key)
    claimLookupKey(account, params.lookup_key, params.transfer_lookup_key ?? false);
  if (params.currency_options !== undefined) {
    const extra = account.extra(id);
    extra.currency_options = {
      ...(params.currency_options === null ? {} : (extra.currency_options as object)),
      ...optionsOf(price, params.currency_options ?? {}),
    };
  }
  return account.change(
    price,
    {
      ...(params.active !== undefined && { active: params.active }),
      ...(params.lookup_key !== undefined && { lookup_key: params.lookup_key }),
      ...(params.nickname !== undefined && { nickname: params.nickname }),
      ...(params.tax_behavior !== undefined && { tax_behavior: params.tax_behavior }),
      metadata: mergedMetadata(price.metadata, params.metadata),
    },
    'price.updated',
  );
}

function checkRecurring(account: StripeAccount, rhythm: Values<typeof createFields>['recurring']): void {
  if (!rhythm) return;
  const count = rhythm.interval_count ?? 1;
  const longest = { day: 1095, week: 156, month: 36, year: 3 }[rhythm.interval];
  if (count > longest)
    throw invalidRequest(`The maximum interval_count for ${rhythm.interval} is ${longest}.`, {
      param: 'recurring[interval_count]',
    });
  if (rhythm.usage_type === 'metered' && rhythm.meter === undefined)
    throw invalidRequest(
      'Metered prices must be backed by a meter: legacy usage-based billing is not supported by this API version. Provide `recurring[meter]`.',
      { code: 'parameter_missing', param: 'recurring[meter]' },
    );
  if (rhythm.meter !== undefined) {
    if (rhythm.usage_type !== 'metered')
      throw invalidRequest('A meter can only be used with usage_type=metered.', { param: 'recurring[meter]' });
    account.get('billing.meter', rhythm.meter, 'recurring[meter]');
  }
}

function checkAmount(params: Values<typeof createFields>): void {
  if (params.unit_amount === undefined && params.unit_amount_decimal === undefined)
    throw invalidRequest(
      'You must specify either `unit_amount` or `unit_amount_decimal` when `billing_scheme=per_unit`.',
      {
        code: 'parameter_missing',
        param: 'unit_amount',
      },
    );
  if (params.unit_amount !== undefined && params.unit_amount_decimal !== undefined)
    throw invalidRequest('You may only specify one of these parameters: unit_amount, unit_amount_decimal.', {
      param: 'unit_amount',
    });
}

/** A key names one price; it is taken from another only if that is wanted. */
function claimLookupKey(account: StripeAccount, key: string, isTransferred: boolean): void {
  const owner = account.list('price').find(({ lookup_key }) => lookup_key === key);
  if (!owner) return;
  if (!isTransferred)
    throw invalidRequest(
      `A price (\`${owner.id}\`) already uses that lookup key. You may transfer it with \`transfer_lookup_key=true\`.`,
      { code: 'resource_already_exists', param: 'lookup_key' },
    );
  account.change(owner, { lookup_key: null }, 'price.updated');
}

function amountsOf({
  unit_amount,
  unit_amount_decimal,
}: {
  unit_amount?: number | undefined;
  unit_amount_decimal?: string | undefined;
}) {
  if (unit_amount_decimal === undefined)
    return { unit_amount: unit_amount ?? 0, unit_amount_decimal: String(unit_amount ?? 0) };
  const number = Number(unit_amount_decimal);
  return { unit_amount: Number.isInteger(number) ? number : null, unit_amount_decimal };
}

type Options = NonNullable<Values<typeof createFields>['currency_options']>;

/** Prices in each currency, the price's own included, as Stripe shows them. */
function optionsOf(price: Price, options: Options) {
  const own = {
    [price.currency]: {
      custom_unit_amount: null,
      tax_behavior: price.tax_behavior,
      unit_amount: price.unit_amount,
      unit_amount_decimal: price.unit_amount_decimal,
    },
  };
  const others = Object.entries(options).map(([code, given]) => [
    code,
    { custom_unit_amount: null, tax_behavior: given.tax_behavior ?? 'unspecified', ...amountsOf(given) },
  ]);
  return { ...own, ...Object.fromEntries(others) } as Record<string, (typeof own)[string]>;
}

/** Returns what a price costs in a currency; undefined when it is not sold in it. */
export function amountIn(
  account: StripeAccount,
  price: Price,
  code: string,
): { unit_amount: number | null; unit_amount_decimal: string | null } | undefined {
  const options = account.extra(price.id).currency_options as ReturnType<typeof optionsOf> | undefined;
  return code === price.currency ? price : options?.[code];
}
