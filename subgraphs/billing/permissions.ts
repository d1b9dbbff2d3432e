import { anyone, type Permissions, signedIn } from '../permission.js';

export const permissions: Permissions = {
  Query: {
    plans: anyone,
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
