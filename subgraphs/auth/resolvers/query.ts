import type { QueryResolvers } from '../resolver-types.js';
import { findSessionIdentity } from '../services/find-session-identity.js';
import { previewInvitation } from '../services/preview-invitation.js';

export const Query: QueryResolvers = {
  me: (_root, _args, { identity, personById }) => (identity.userId ? personById.load(identity.userId) : null),
  organization: (_root, _args, { identity, organizationById }) =>
    identity.organizationId ? organizationById.load(identity.organizationId) : null,
  invitation: (_root, { token }, { database, runtime }) => previewInvitation(database.manager, token, runtime.now()),
  sessionIdentity: (_root, { sessionId }, { database, runtime }) =>
    findSessionIdentity(database, sessionId, runtime.now()),
};
