import type { MutationResolvers } from '#auth/resolver-types.js';
import { completeLogIn } from '#auth/services/sign-in/complete-log-in.js';
import { confirmTwoFactor } from '#auth/services/two-factor/confirm-two-factor.js';
import { demandTwoFactor } from '#auth/services/two-factor/demand-two-factor.js';
import { disableTwoFactor } from '#auth/services/two-factor/disable-two-factor.js';
import { regenerateRecoveryCodes } from '#auth/services/two-factor/regenerate-recovery-codes.js';
import { resetTwoFactor } from '#auth/services/two-factor/reset-two-factor.js';
import { startTwoFactor } from '#auth/services/two-factor/start-two-factor.js';

export const twoFactorMutation: MutationResolvers = {
  completeLogIn: async (_root, given, context) =>
    context.continueAs(await completeLogIn(context.runtime, context.database, context.identity, given)),
  startTwoFactor: (_root, { password }, { runtime, database, identity }) =>
    startTwoFactor(runtime, database, identity, password),
  confirmTwoFactor: async (_root, { code }, { runtime, database, identity }) => ({
    recoveryCodes: await confirmTwoFactor(runtime, database, identity, code),
  }),
  disableTwoFactor: async (_root, given, { runtime, database, identity }) => {
    await disableTwoFactor(runtime, database, identity, given);
    return { isEnabled: false };
  },
  regenerateRecoveryCodes: async (_root, given, { runtime, database, identity }) => ({
    recoveryCodes: await regenerateRecoveryCodes(runtime, database, identity, given),
  }),
  resetTwoFactor: async (_root, { userId }, { runtime, database, identity }) => ({
    userId: await resetTwoFactor(runtime, database, identity, userId),
  }),
  requireTwoFactor: async (_root, { isRequired }, { database, identity }) => ({
    organization: await demandTwoFactor(database, identity, isRequired),
  }),
};
