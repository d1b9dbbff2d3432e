import { anyone, billingManager, type Permissions, service, signedIn } from '#kit/permission.js';

const billing = signedIn.withScope('read:billing');

export const permissions: Permissions = {
  Query: {
    plans: anyone.withAnyScope(),
    planLimits: service,
    previewPlanChange: billingManager,
  },
  Mutation: {
    keepWithinPlan: billingManager,
    startCheckout: billingManager,
    openBillingPortal: billingManager,
    changePlan: billingManager,
    cancelSubscription: billingManager,
    resumeSubscription: billingManager,
    pauseSubscription: billingManager,
    applyPromotionCode: billingManager,
    receiveStripeEvent: service,
    registerStripeEndpoint: service,
    recordUsage: service,
  },
  entities: {
    OrganizationSubscription: billing,
    Organization: signedIn.withAnyScope().withinClients(),
  },
  fields: {
    Organization: {
      subscription: billing,
      invoices: billing,
      payments: billing,
      paymentMethods: billing,
      billingDetails: billingManager,
      entitlements: billing,
      usage: billing,
    },
  },
};
