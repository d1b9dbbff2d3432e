import type { OrganizationResolvers } from '#billing/resolver-types.js';
import { ensureSubscription } from '#billing/services/ensure-subscription.js';
import { getEntitlements } from '#billing/services/get-entitlements.js';
import { findBillingDetails } from '#billing/services/questions/find-billing-details.js';
import { listInvoices, listPayments } from '#billing/services/questions/list-newest.js';
import { listPaymentMethods } from '#billing/services/questions/list-payment-methods.js';
import { listUsage } from '#billing/usage/list-usage.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  subscription: ({ id: organizationId, createdAt }, _args, context) =>
    ensureSubscription(context, { organizationId, createdAt }),
  entitlements: ({ id: organizationId, ...counted }, _args, context) =>
    getEntitlements(context, {
      organizationId,
      used: {
        MEMBERS: counted.memberCount,
        CONNECTIONS: counted.connectionCount,
        ACCOUNTS: counted.accountCount,
        CLIENTS: counted.clientCount,
        REPORTS_PER_MONTH: counted.monthlyReportCount,
        SCHEDULES: counted.scheduleCount,
      },
    }),
  usage: ({ id: organizationId }, args, context) => listUsage(context, { organizationId, ...args }),
  invoices: ({ id: organizationId }, page, context) => listInvoices(context, { organizationId, ...page }),
  payments: ({ id: organizationId }, page, context) => listPayments(context, { organizationId, ...page }),
  paymentMethods: ({ id: organizationId }, _args, context) => listPaymentMethods(context, { organizationId }),
  billingDetails: ({ id: organizationId }, _args, context) => findBillingDetails(context, { organizationId }),
};
