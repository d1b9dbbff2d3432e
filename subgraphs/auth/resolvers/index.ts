import type { Resolvers } from '#auth/resolver-types.js';
import { ApiKey } from './api-key.js';
import { AuditEvent } from './audit-event.js';
import { AuthPayload } from './auth-payload.js';
import { Invitation } from './invitation.js';
import { Mutation } from './mutation.js';
import { Organization } from './organization.js';
import { Query } from './query.js';
import { Session } from './session.js';
import { User } from './user.js';

export const resolvers: Resolvers = {
  Query,
  Mutation,
  User,
  Organization,
  AuthPayload,
  Invitation,
  Session,
  AuditEvent,
  ApiKey,
};
