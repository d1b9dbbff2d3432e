import { anyone, billingManager, type Permissions, service, signedIn } from '#kit/permission.js';

const billing = signedIn.withScope('read:billing');

export const permissions: Permissions = {
  Query: {
    plans: anyone.withAnyScope(),
    planLimits: service,
  },
  Mutation: {
    keepWithinPlan: billingManager,
  },
  entities: {
    OrganizationSubscription: billing,
    Organization: signedIn.withAnyScope().withinClients(),
  },
  fields: {
    Organization: {
      subscription: billing,
    },
  },
};
