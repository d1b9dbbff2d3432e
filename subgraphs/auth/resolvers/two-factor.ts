import { hasRole } from '../../../ops/runtime/identity.js';
import type { UserResolvers } from '../resolver-types.js';
import { hasTwoFactor } from '../services/check-second-factor.js';
import { countRecoveryCodes } from '../services/recovery-codes.js';

export const twoFactorOfUser: Pick<UserResolvers, 'hasTwoFactor' | 'recoveryCodesLeft'> = {
  hasTwoFactor: ({ id }, _args, { identity, database }) =>
    id === identity.userId || hasRole(identity, 'ADMIN') ? hasTwoFactor(database, id) : null,
  recoveryCodesLeft: async ({ id }, _args, { identity, database }) => {
    const isOwn = id === identity.userId && identity.kind === 'user';
    return isOwn && (await hasTwoFactor(database, id)) ? countRecoveryCodes(database.manager, id) : null;
  },
};
