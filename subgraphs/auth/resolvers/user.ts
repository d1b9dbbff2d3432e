import type { UserResolvers } from '#auth/resolver-types.js';
import { listMemberships } from '#auth/services/member/list-memberships.js';
import { listSessions } from '#auth/services/session/manage-sessions.js';
import { NotFound } from '#runtime/errors.js';
import { twoFactorOfUser } from './two-factor.js';

export const User: UserResolvers = {
  __resolveReference: ({ id }, { personById }) => personById.load(id),
  ...twoFactorOfUser,
  organization: async (_user, _args, { identity, organizationById }) => {
    const organization = identity.organizationId ? await organizationById.load(identity.organizationId) : null;
    if (!organization) throw new NotFound('organization');
    return organization;
  },
  memberships: ({ id }, _args, { identity, database }) =>
    identity.kind === 'user' && id === identity.userId ? listMemberships(database, id) : null,
  sessions: ({ id }, _args, { identity, database, services }) =>
    identity.kind === 'user' && id === identity.userId ? listSessions(database, id, services.now()) : null,
};
