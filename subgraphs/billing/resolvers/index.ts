import type { Resolvers } from '#billing/resolver-types.js';
import { Organization } from './organization.js';
import { OrganizationSubscription } from './organization-subscription.js';
import { Plan } from './plan.js';
import { Query } from './query.js';

export const resolvers: Resolvers = { Query, Plan, OrganizationSubscription, Organization };
