import type { SimulatedProvider } from '#simulator/provider.js';
import { answerApi } from './answer.js';
import { answerPages, PAGE_HOSTS } from './pages/index.js';
import { faultOf } from './wire/stripe-error.js';

/** The API in test mode: https://docs.stripe.com/api */
export const stripe: SimulatedProvider = {
  id: 'stripe',
  hosts: ['api.stripe.com'],
  answer: (request, { stripe: { account } }) => answerApi(request, account),
  errorFor: (status, { method }) => faultOf(status, method),
};

/** The hosted pages: checkout, portal, invoices and the bank's authentication. */
export const stripePages: SimulatedProvider = {
  id: 'stripe-pages',
  hosts: PAGE_HOSTS,
  answer: (request, { stripe: { account } }) => answerPages(request, account),
  errorFor: (status) => ({ status, body: 'Something went wrong' }),
};
