import type { UserResolvers } from '#auth/resolver-types.js';
import { hasTwoFactor } from '#auth/services/two-factor/check-second-factor.js';
import { countRecoveryCodes } from '#auth/services/two-factor/recovery-codes.js';
import { hasRole } from '#runtime/identity/identity.js';

export const twoFactorOfUser: Pick<UserResolvers, 'hasTwoFactor' | 'recoveryCodesLeft'> = {
  hasTwoFactor: ({ id }, _args, { identity, database }) =>
    id === identity.userId || hasRole(identity, 'ADMIN') ? hasTwoFactor(database, id) : null,
  recoveryCodesLeft: async ({ id }, _args, { identity, database }) => {
    const isOwn = id === identity.userId && identity.kind === 'user';
    return isOwn && (await hasTwoFactor(database, id)) ? countRecoveryCodes(database.manager, id) : null;
  },
};
