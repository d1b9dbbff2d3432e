import type { MutationResolvers } from '#auth/resolver-types.js';
import { confirmTwoFactor } from '#auth/services/two-factor/confirm-two-factor.js';
import { disableTwoFactor } from '#auth/services/two-factor/disable-two-factor.js';
import { regenerateRecoveryCodes } from '#auth/services/two-factor/regenerate-recovery-codes.js';
import { requireTwoFactor } from '#auth/services/two-factor/require-two-factor.js';
import { resetTwoFactor } from '#auth/services/two-factor/reset-two-factor.js';
import { startTwoFactor } from '#auth/services/two-factor/start-two-factor.js';

export const twoFactorMutations: MutationResolvers = {
  startTwoFactor: (_root, given, context) => startTwoFactor(context, given),
  confirmTwoFactor: async (_root, given, context) => ({ recoveryCodes: await confirmTwoFactor(context, given) }),
  disableTwoFactor: async (_root, given, context) => {
    await disableTwoFactor(context, given);
    return { isEnabled: false };
  },
  regenerateRecoveryCodes: async (_root, given, context) => ({
    recoveryCodes: await regenerateRecoveryCodes(context, given),
  }),
  resetTwoFactor: async (_root, given, context) => ({ userId: await resetTwoFactor(context, given) }),
  requireTwoFactor: async (_root, given, context) => ({ organization: await requireTwoFactor(context, given) }),
};
