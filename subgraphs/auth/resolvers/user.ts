import type { UserResolvers } from '#auth/resolver-types.js';
import { listMemberships } from '#auth/services/member/list-memberships.js';
import { listSessions } from '#auth/services/session/manage-sessions.js';
import { hasTwoFactor } from '#auth/services/two-factor/has-two-factor.js';
import { countRecoveryCodes } from '#auth/services/two-factor/recovery-codes.js';
import { NotFound } from '#runtime/errors.js';
import { hasRole, type Identity } from '#runtime/identity/identity.js';

const isCaller = (id: string, { kind, userId }: Identity) => kind === 'user' && id === userId;

export const User: UserResolvers = {
  __resolveReference: ({ id }, { personById }) => personById.load(id),
  organization: async (_user, _args, { identity, organizationById }) => {
    if (!identity.organizationId) return null;
    const organization = await organizationById.load(identity.organizationId);
    if (!organization) throw new NotFound('organization');
    return organization;
  },
  memberships: ({ id: personId }, _args, context) =>
    isCaller(personId, context.identity) ? listMemberships(context, { personId }) : null,
  sessions: ({ id: personId }, _args, context) =>
    isCaller(personId, context.identity) ? listSessions(context, { personId }) : null,
  hasTwoFactor: ({ id }, _args, { identity, hasTwoFactorById }) =>
    id === identity.userId || hasRole(identity, 'ADMIN') ? hasTwoFactorById.load(id) : null,
  recoveryCodesLeft: async ({ id: personId }, _args, context) => {
    const isOn = isCaller(personId, context.identity) && (await hasTwoFactor(context, { personId }));
    return isOn ? countRecoveryCodes(context, { personId }) : null;
  },
};
