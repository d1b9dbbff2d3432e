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
    context.continueAs(await completeLogIn(context.services, context.database, context.identity, given)),
  startTwoFactor: (_root, { password }, { services, database, identity }) =>
    startTwoFactor(services, database, identity, password),
  confirmTwoFactor: async (_root, { code }, { services, database, identity }) => ({
    recoveryCodes: await confirmTwoFactor(services, database, identity, code),
  }),
  disableTwoFactor: async (_root, given, { services, database, identity }) => {
    await disableTwoFactor(services, database, identity, given);
    return { isEnabled: false };
  },
  regenerateRecoveryCodes: async (_root, given, { services, database, identity }) => ({
    recoveryCodes: await regenerateRecoveryCodes(services, database, identity, given),
  }),
  resetTwoFactor: async (_root, { userId }, { services, database, identity }) => ({
    userId: await resetTwoFactor(services, database, identity, userId),
  }),
  requireTwoFactor: async (_root, { isRequired }, { database, identity }) => ({
    organization: await demandTwoFactor(database, identity, isRequired),
  }),
};
