import { anyone, billingManager, type Permissions, service, signedIn } from '#kit/permission.js';

const billing = signedIn.withScope('read:billing');
/** Also of an organization that can only read: it chooses a plan by these. */
const manages = billingManager.alsoReadOnly();

export const permissions: Permissions = {
  Query: {
    plans: anyone.withAnyScope(),
    planLimits: service,
    previewPlanChange: billingManager,
  },
  Mutation: {
    keepWithinPlan: billingManager,
    startCheckout: manages,
    openBillingPortal: manages,
    changePlan: manages,
    cancelSubscription: manages,
    resumeSubscription: manages,
    pauseSubscription: manages,
    applyPromotionCode: manages,
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
    },
  },
};
