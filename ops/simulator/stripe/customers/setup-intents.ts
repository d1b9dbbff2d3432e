import type { StripeAccount } from '#simulator/stripe/account.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';
import { type Call, isWithin, type Operation, operation, pageFields, pageOf } from '#simulator/stripe/operation.js';
import { array, boolean, metadata, object, oneOf, range, text, type Values } from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { askToSave, markAuthenticated, markSetUp } from './cards.js';
import { attach, cardError, resolvePaymentMethod } from './payment-methods.js';

type SetupIntent = Objects['setup_intent'];

const createFields = {
  automatic_payment_methods: object({ allow_redirects: oneOf('always', 'never'), enabled: boolean() }),
  confirm: boolean(),
  customer: text(),
  description: text(),
  metadata: metadata(),
  payment_method: text(),
  payment_method_types: array(text()),
  return_url: text(),
  usage: oneOf('off_session', 'on_session'),
};

const FOREIGN = [
  'attach_to_self',
  'confirmation_token',
  'customer_account',
  'excluded_payment_method_types',
  'flow_directions',
  'mandate_data',
  'on_behalf_of',
  'payment_method_configuration',
  'payment_method_data',
  'payment_method_options',
  'single_use',
  'use_stripe_sdk',
];

export const setupIntentOperations: readonly Operation[] = [
  operation('POST', '/v1/setup_intents', createFields, create, FOREIGN),
  operation('GET', '/v1/setup_intents/{id}', { client_secret: text() }, ({ account, id }) =>
    account.get('setup_intent', id),
  ),
  operation(
    'POST',
    '/v1/setup_intents/{id}/confirm',
    { payment_method: text(), return_url: text() },
    ({ account, params, id }) => {
      const intent = account.get('setup_intent', id);
      if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status))
        throw invalidRequest(
          `You cannot confirm this SetupIntent because it has already ${intent.status === 'canceled' ? 'been canceled' : 'succeeded'}.`,
          { code: 'setup_intent_unexpected_state' },
        );
      return confirmSetup(account, intent, params.payment_method ?? intent.payment_method);
    },
    FOREIGN,
  ),
  operation('POST', '/v1/setup_intents/{id}/cancel', { cancellation_reason: text() }, ({ account, params, id }) => {
    const intent = account.get('setup_intent', id);
    if (intent.status === 'succeeded' || intent.status === 'canceled')
      throw invalidRequest(`You cannot cancel this SetupIntent because it has a status of ${intent.status}.`, {
        code: 'setup_intent_unexpected_state',
      });
    return account.change(
      intent,
      { status: 'canceled', cancellation_reason: params.cancellation_reason ?? null },
      'setup_intent.canceled',
    );
  }),
  operation(
    'GET',
    '/v1/setup_intents',
    { ...pageFields, created: range(), customer: text(), payment_method: text() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('setup_intent')
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (params.customer === undefined || one.customer === params.customer) &&
              (params.payment_method === undefined || one.payment_method === params.payment_method),
          ),
        { params, path },
      ),
  ),
];

function create({ account, params }: Call<Values<typeof createFields>>): SetupIntent {
  if (params.customer !== undefined) account.get('customer', params.customer, 'customer');
  const intent = makeSetupIntent(account, {
    customer: params.customer ?? null,
    metadata: params.metadata ?? {},
    usage: params.usage ?? 'off_session',
  });
  if (params.description !== undefined) intent.description = params.description;
  if (params.payment_method !== undefined) {
    intent.payment_method = resolvePaymentMethod(account, params.payment_method, {
      param: 'payment_method',
      customer: intent.customer,
    }).id;
    intent.status = 'requires_confirmation';
  }
  account.emit('setup_intent.created', intent);
  return params.confirm ? confirmSetup(account, intent, intent.payment_method) : intent;
}

/** Makes a setup intent without announcing it. */
export function makeSetupIntent(
  account: StripeAccount,
  { customer, metadata: given, usage }: { customer: string | null; metadata: Record<string, string>; usage: string },
): SetupIntent {
  const intent = account.add('setup_intent', {
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    cancellation_reason: null,
    client_secret: null,
    created: account.now(customer),
    customer,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: given,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage,
  } as unknown as Omit<SetupIntent, 'id' | 'object'>);
  intent.client_secret = `${intent.id}_secret_${randomText(25)}`;
  return intent;
}

/** Asks the bank to save the card. Throws 402 when it declines; `requires_action` when the owner must authenticate. */
export function confirmSetup(account: StripeAccount, intent: SetupIntent, given: string | null): SetupIntent {
  if (given === null)
    throw invalidRequest(
      'You cannot confirm this SetupIntent because it is missing a payment method. Update the SetupIntent with a payment method and then confirm it again.',
      { code: 'setup_intent_unexpected_state' },
    );
  const method = resolvePaymentMethod(account, given, { param: 'payment_method', customer: intent.customer });
  intent.payment_method = method.id;
  const answer = askToSave(account, method);
  if (answer.kind === 'declined') {
    account.change(intent, {
      status: 'requires_payment_method',
      payment_method: null,
      last_setup_error: {
        ...answer.decline,
        type: 'card_error',
        payment_method: method,
      } as unknown as SetupIntent['last_setup_error'],
    });
    account.emit('setup_intent.setup_failed', intent);
    throw cardError(answer.decline, { setup_intent: intent });
  }
  if (answer.kind === 'authenticate') {
    account.change(intent, {
      status: 'requires_action',
      next_action: nextAction(account, intent.id) as SetupIntent['next_action'],
    });
    account.emit('setup_intent.requires_action', intent);
    return intent;
  }
  return succeed(account, intent);
}

/** Ends what `requires_action` began: the owner authenticated, or failed to. */
export function finishSetup(account: StripeAccount, intent: SetupIntent, isAuthenticated: boolean): SetupIntent {
  if (intent.status !== 'requires_action' || intent.payment_method === null) return intent;
  const method = account.get('payment_method', intent.payment_method);
  if (isAuthenticated) {
    markAuthenticated(account, method);
    return succeed(account, intent);
  }
  account.change(intent, {
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_setup_error: {
      code: 'setup_intent_authentication_failure',
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
      payment_method: method,
      type: 'invalid_request_error',
    } as unknown as SetupIntent['last_setup_error'],
  });
  account.emit('setup_intent.setup_failed', intent);
  return intent;
}

function succeed(account: StripeAccount, intent: SetupIntent): SetupIntent {
  const method = account.get('payment_method', intent.payment_method ?? '');
  if (intent.customer) attach(account, method, intent.customer);
  markSetUp(account, method);
  account.change(intent, { status: 'succeeded', next_action: null, last_setup_error: null });
  account.emit('setup_intent.succeeded', intent);
  return intent;
}

/** Where the owner of a card authenticates: a page of this simulator. */
export function nextAction(account: StripeAccount, intent: string) {
  return {
    type: 'redirect_to_url',
    redirect_to_url: { return_url: null, url: `${account.pageBase('hooks.stripe.com')}/3d_secure/${intent}` },
  };
}
