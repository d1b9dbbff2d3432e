import type { Resolvers } from '#auth/resolver-types.js';
import { AuthPayload } from './auth-payload.js';
import { Mutation } from './mutation.js';
import { Organization } from './organization.js';
import { Query } from './query.js';
import { ApiKey, AuditEvent, Invitation, Member, Session } from './small-types.js';
import { User } from './user.js';
import { WebhookAttempt, WebhookDelivery, WebhookEndpoint } from './webhook-types.js';

export const resolvers: Resolvers = {
  Query,
  Mutation,
  User,
  Organization,
  AuthPayload,
  Invitation,
  Member,
  Session,
  AuditEvent,
  ApiKey,
  WebhookEndpoint,
  WebhookAttempt,
  WebhookDelivery,
};
