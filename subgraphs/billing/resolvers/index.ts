import type { Resolvers } from '#billing/resolver-types.js';
import { Query } from './query.js';
import { Organization, OrganizationSubscription, Plan } from './types.js';

export const resolvers: Resolvers = { Query, Plan, OrganizationSubscription, Organization };
