import { Forbidden, NotFound } from '../../../ops/runtime/errors.js';
import type { UserResolvers } from '../resolver-types.js';
import { listSessions } from '../services/manage-sessions.js';
import { twoFactorOfUser } from './two-factor.js';

export const User: UserResolvers = {
  __resolveReference: ({ id }, { personById }) => personById.load(id),
  ...twoFactorOfUser,
  organization: async (_user, _args, { identity, organizationById }) => {
    const organization = identity.organizationId ? await organizationById.load(identity.organizationId) : null;
    if (!organization) throw new NotFound('organization');
    return organization;
  },
  sessions: ({ id }, _args, { identity, database, runtime }) => {
    if (identity.kind !== 'user' || identity.userId !== id) throw new Forbidden('People see their own sessions only.');
    return listSessions(database, id, runtime.now());
  },
};
