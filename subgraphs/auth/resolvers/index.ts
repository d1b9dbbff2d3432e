import type { Resolvers } from '../resolver-types.js';
import { ApiKey } from './api-key.js';
import { AuthPayload } from './auth-payload.js';
import { Mutation } from './mutation.js';
import { Organization } from './organization.js';
import { Query } from './query.js';
import { User } from './user.js';

export const resolvers: Resolvers = { Query, Mutation, User, Organization, AuthPayload, ApiKey };
