import { randomText } from '#simulator/stripe/objects.js';
import { type Operation, operation } from '#simulator/stripe/operation.js';
import { array, integer, object, oneOf, required, text } from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';

const ofSubscription = object({ subscription: required(text()) }, ['retention']);
const flow = object({
  after_completion: object(
    {
      redirect: object({ return_url: required(text()) }),
      type: required(oneOf('hosted_confirmation', 'portal_homepage', 'redirect')),
    },
    ['hosted_confirmation'],
  ),
  subscription_cancel: ofSubscription,
  subscription_pause: ofSubscription,
  subscription_update: ofSubscription,
  subscription_update_confirm: object(
    {
      items: required(array(object({ id: required(text()), price: text(), quantity: integer() }))),
      subscription: required(text()),
    },
    ['discounts'],
  ),
  type: required(
    oneOf(
      'customer_update',
      'payment_method_update',
      'subscription_cancel',
      'subscription_pause',
      'subscription_update',
      'subscription_update_confirm',
    ),
  ),
});

/** What the simulator knows of a portal session beside what Stripe shows. */
export type PortalExtra = { token: string };

export const portalSessionOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/billing_portal/sessions',
    { configuration: text(), customer: required(text()), flow_data: flow, locale: text(), return_url: text() },
    ({ account, params }) => {
      const customer = account.get('customer', params.customer, 'customer');
      const configuration =
        params.configuration === undefined
          ? account.list('billing_portal.configuration').find(({ is_default }) => is_default)
          : account.get('billing_portal.configuration', params.configuration, 'configuration');
      if (!configuration)
        throw invalidRequest(
          'No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.',
        );
      if (!configuration.active)
        throw invalidRequest('The provided configuration is not active.', { param: 'configuration' });
      const { type, after_completion } = params.flow_data ?? {};
      for (const part of [
        'subscription_cancel',
        'subscription_pause',
        'subscription_update',
        'subscription_update_confirm',
      ] as const) {
        const given = params.flow_data?.[part];
        if (type === part && !given)
          throw invalidRequest(`Missing required param: flow_data[${part}].`, {
            code: 'parameter_missing',
            param: `flow_data[${part}]`,
          });
        if (given) account.get('subscription', given.subscription, `flow_data[${part}][subscription]`);
      }
      const returnUrl = params.return_url ?? configuration.default_return_url;
      if (returnUrl !== null && !['http:', 'https:'].includes(URL.parse(returnUrl)?.protocol ?? ''))
        throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'return_url' });
      const token = `test_${randomText(40)}`;
      const session = account.add('billing_portal.session', {
        configuration: configuration.id,
        created: account.now(customer.id),
        customer: customer.id,
        customer_account: null,
        flow: params.flow_data
          ? {
              after_completion: {
                hosted_confirmation: null,
                redirect: after_completion?.redirect ?? null,
                type: after_completion?.type ?? 'portal_homepage',
              },
              customer_update: null,
              subscription_cancel: params.flow_data.subscription_cancel
                ? { retention: null, subscription: params.flow_data.subscription_cancel.subscription }
                : null,
              subscription_pause: params.flow_data.subscription_pause ?? null,
              subscription_update: params.flow_data.subscription_update ?? null,
              subscription_update_confirm: params.flow_data.subscription_update_confirm
                ? {
                    discounts: null,
                    items: params.flow_data.subscription_update_confirm.items.map(({ id, price, quantity }) => ({
                      id,
                      price: price ?? null,
                      ...(quantity !== undefined && { quantity }),
                    })),
                    subscription: params.flow_data.subscription_update_confirm.subscription,
                  }
                : null,
              type: type ?? 'payment_method_update',
            }
          : null,
        livemode: false,
        locale: params.locale ?? null,
        on_behalf_of: null,
        return_url: returnUrl,
        url: `${account.pageBase('billing.stripe.com')}/p/session/${token}`,
      });
      account.extra<PortalExtra>(session.id).token = token;
      account.emit('billing_portal.session.created', session);
      return session;
    },
    ['after_expiration', 'customer_account', 'on_behalf_of'],
  ),
];
