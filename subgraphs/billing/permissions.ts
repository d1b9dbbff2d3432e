import { anyone, type Permissions, service, signedIn } from '../permission.js';

export const permissions: Permissions = {
  Query: {
    plans: anyone,
    planLimits: service,
  },
  entities: {
    OrganizationSubscription: signedIn,
    Organization: signedIn,
  },
  fields: {
    Organization: {
      subscription: signedIn,
    },
  },
};
