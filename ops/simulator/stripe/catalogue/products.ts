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
  emptyable,
  metadata,
  object,
  range,
  required,
  text,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest, noSuch } from '#simulator/stripe/wire/stripe-error.js';
import { makePrice, priceDataFields } from './prices.js';

const shared = {
  active: boolean(),
  description: emptyable(text({ max: 40_000 })),
  images: emptyable(array(text(), { max: 8 })),
  marketing_features: emptyable(array(object({ name: required(text({ max: 80 })) }), { max: 15 })),
  metadata: metadata(),
  shippable: boolean(),
  statement_descriptor: text({ max: 22 }),
  tax_code: emptyable(text()),
  unit_label: emptyable(text({ max: 12 })),
  url: emptyable(text()),
};
const createFields = {
  ...shared,
  id: text(),
  name: required(text({ max: 250 })),
  default_price_data: object(priceDataFields),
};
const updateFields = { ...shared, name: text({ max: 250 }), default_price: text() };
const FOREIGN = ['package_dimensions', 'type', 'tax_details'];

export const productOperations: readonly Operation[] = [
  operation('POST', '/v1/products', createFields, create, FOREIGN),
  operation('GET', '/v1/products/{id}', {}, ({ account, id }) => {
    const object = account.findAny(id);
    if (object?.object !== 'product') throw noSuch('product', id);
    return object;
  }),
  operation('POST', '/v1/products/{id}', updateFields, update, FOREIGN),
  operation('DELETE', '/v1/products/{id}', {}, ({ account, id }) => {
    const product = account.get('product', id);
    if (account.list('price').some((price) => price.product === id))
      throw invalidRequest(
        'This product cannot be deleted because it has one or more user-created prices. It can be archived instead.',
      );
    account.emit('product.deleted', product);
    return account.delete(product);
  }),
  operation(
    'GET',
    '/v1/products',
    { ...pageFields, active: boolean(), created: range(), ids: array(text()), shippable: boolean(), url: text() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('product')
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (params.active === undefined || one.active === params.active) &&
              (params.ids === undefined || params.ids.includes(one.id)) &&
              (params.shippable === undefined || one.shippable === params.shippable) &&
              (params.url === undefined || one.url === params.url),
          ),
        { params, path },
      ),
    ['type'],
  ),
];

function create({ account, params }: Call<Values<typeof createFields>>) {
  if (params.id !== undefined && account.findAny(params.id))
    throw invalidRequest('Product already exists.', { code: 'resource_already_exists', param: 'id' });
  const product = account.add('product', {
    ...(params.id !== undefined && { id: params.id }),
    active: params.active ?? true,
    created: account.now(),
    default_price: null,
    description: params.description ?? null,
    images: params.images ?? [],
    livemode: false,
    marketing_features: params.marketing_features ?? [],
    metadata: mergedMetadata({}, params.metadata),
    name: params.name,
    package_dimensions: null,
    shippable: params.shippable ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    tax_code: params.tax_code ?? null,
    tax_details: null,
    type: 'service',
    unit_label: params.unit_label ?? null,
    updated: account.now(),
    url: params.url ?? null,
  });
  account.emit('product.created', product);
  if (params.default_price_data)
    product.default_price = makePrice(account, { ...params.default_price_data, product: product.id }).id;
  return product;
}

function update({ account, params, id }: Call<Values<typeof updateFields>>) {
  const product = account.get('product', id);
  if (params.default_price !== undefined) account.get('price', params.default_price, 'default_price');
  const { metadata: change, images, marketing_features, ...plain } = params;
  return account.change(
    product,
    {
      ...plain,
      ...(images !== undefined && { images: images ?? [] }),
      ...(marketing_features !== undefined && { marketing_features: marketing_features ?? [] }),
      metadata: mergedMetadata(product.metadata, change),
      updated: account.now(),
    },
    'product.updated',
  );
}
