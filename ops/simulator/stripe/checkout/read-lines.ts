import { NotSimulated } from '#simulator/not-simulated.js';
import type { StripeAccount } from '#simulator/stripe/account.js';
import { amountIn } from '#simulator/stripe/catalogue/prices.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import type { Line } from './line-items.js';
import type { Params } from './session-parameters.js';

/** Reads what is sold: recurring prices in one currency with one rhythm. Throws 400 for what cannot be bought together. */
export function readLines(account: StripeAccount, { line_items = [] }: Params, code: string): Line[] {
  if (line_items.length === 0)
    throw invalidRequest('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' });
  if (line_items.length > 20)
    throw invalidRequest('A subscription has at most 20 recurring prices.', { param: 'line_items' });
  const lines = line_items.map((item, n) => readLine(account, item, { code, param: `line_items[${n}]` }));
  requireOneRhythm(lines.map(({ price }) => account.get('price', price)));
  return lines;
}

type LineInput = NonNullable<Params['line_items']>[number];

function readLine(
  account: StripeAccount,
  { price: id, quantity }: LineInput,
  { code, param }: { code: string; param: string },
): Line {
  if (id === undefined)
    throw invalidRequest(`Missing required param: ${param}[price].`, {
      code: 'parameter_missing',
      param: `${param}[price]`,
    });
  const price = account.get('price', id, `${param}[price]`);
  if (!price.active)
    throw invalidRequest(`The price specified is inactive. This field only accepts active prices.`, {
      param: `${param}[price]`,
    });
  if (!account.get('product', price.product).active)
    throw invalidRequest(
      `The product ${price.product} is marked as inactive, and thus no new subscriptions can be created to it.`,
      {
        param: `${param}[price]`,
      },
    );
  const isMetered = price.recurring?.usage_type === 'metered';
  if (isMetered && quantity !== undefined)
    throw invalidRequest('Quantity should not be specified where usage_type is `metered`.', {
      param: `${param}[quantity]`,
    });
  if (!isMetered && quantity === undefined)
    throw invalidRequest(`Quantity is required. Add \`quantity\` to \`${param}\``, { param: `${param}[quantity]` });
  if (!amountIn(account, price, code))
    throw invalidRequest(
      `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${code}\`.`,
      { param: `${param}[price]` },
    );
  return { id: `li_1${randomText(23)}`, price: price.id, quantity: quantity ?? null };
}

function requireOneRhythm(prices: readonly Objects['price'][]): void {
  if (!prices.some(({ recurring }) => recurring))
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode when using prices.', {
      param: 'line_items',
    });
  if (prices.some(({ recurring }) => !recurring))
    throw new NotSimulated('one-time prices in a subscription’s Checkout session');
  const rhythms = new Set(prices.map(({ recurring }) => `${recurring?.interval} ${recurring?.interval_count}`));
  if (rhythms.size > 1)
    throw invalidRequest('Checkout does not support multiple prices with different billing intervals.', {
      param: 'line_items',
    });
}
