import { anyone, type Permissions, signedIn } from '../permission.js';

const billing = signedIn.withScope('read:billing');

export const permissions: Permissions = {
  Query: {
    plans: anyone.withAnyScope(),
  },
  entities: {
    OrganizationSubscription: billing,
    Organization: signedIn.withAnyScope(),
  },
  fields: {
    Organization: {
      subscription: billing,
    },
  },
};
