import { z } from 'zod';
import { accountIds, clientId, page } from './arguments.js';
import { defineTool } from './tool.js';

const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-01$/, 'must be the first day of a month, YYYY-MM-01')
  .describe('The first day of the month, YYYY-MM-01; the current month when left out.')
  .optional();

/** Tools about budgets and alerts. */
export const budgetTools = [
  defineTool({
    name: 'list_budgets',
    title: 'Budgets and their pace',
    description:
      'The budgets of a month, those furthest over their pace first: amount, spent so far, expected by now, pace (1 = as planned), forecast of the whole month with its interval and method, days left. pace is null where days are missing: sources says why. Amounts in different currencies must not be added up.',
    scopes: ['read:campaigns'],
    input: z.strictObject({ month, clientId, accountIds, ...page }),
    operation: 'ListBudgets',
    answer: 'organization.budgets',
    rows: 'data',
    asksProviders: true,
    variables: ({ month: first, clientId: client, accountIds: of, limit, after }) => ({
      month: first,
      filter: { clientIds: client && [client], accountIds: of },
      first: limit,
      after,
    }),
  }),
  defineTool({
    name: 'list_alerts',
    title: 'Alerts',
    description:
      'What the alert rules of the organization found, the newest first: budgets off their pace, unusual spend or cost per conversion, nothing spent, missing conversions, failing connections, each in words. RAISED ones are not over.',
    scopes: ['read:campaigns'],
    input: z.strictObject({
      state: z.enum(['raised', 'resolved']).describe('Only these.').optional(),
      ...page,
    }),
    operation: 'ListAlerts',
    answer: 'organization.alerts',
    rows: 'data',
    asksProviders: false,
    variables: ({ state, limit, after }) => ({ state: state?.toUpperCase(), first: limit, after }),
  }),
];
