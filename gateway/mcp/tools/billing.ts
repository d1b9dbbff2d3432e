import { z } from 'zod';
import { defineTool } from './tool.js';

/** Tools about the subscription. None changes it. */
export const billingTools = [
  defineTool({
    name: 'get_subscription',
    title: 'The subscription',
    description:
      'What the organization has subscribed to: status (TRIALING, ACTIVE, PAST_DUE, …), plan with its limits (null = unlimited), trial end, current period, a cancellation or change of the plan that is pending, discount, and an invoice that waits for its payment.',
    scopes: ['read:billing'],
    input: z.strictObject({}),
    operation: 'GetSubscription',
    answer: 'organization.subscription',
    asksProviders: false,
    variables: () => ({}),
  }),
];
