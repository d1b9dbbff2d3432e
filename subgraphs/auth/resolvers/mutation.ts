import type { MutationResolvers } from '#auth/resolver-types.js';
import { endOwnSessions } from '#auth/services/session/manage-sessions.js';
import { refreshSession } from '#auth/services/session/refresh-session.js';
import { logIn } from '#auth/services/sign-in/log-in.js';
import { completeSignUp } from '#auth/services/sign-up/complete-sign-up.js';
import { signUp } from '#auth/services/sign-up/sign-up.js';
import { accountMutation } from './account-mutation.js';
import { apiKeyMutations } from './api-key-mutation.js';
import { auditMutation } from './audit-mutation.js';
import { peopleMutations } from './people-mutations.js';
import { twoFactorMutation } from './two-factor-mutation.js';

export const Mutation: MutationResolvers = {
  signUp: async (_root, given, context) =>
    context.continueAs(await signUp(context.services, context.database, context.identity, given)),
  completeSignUp: async (_root, given, context) =>
    context.continueAs(await completeSignUp(context.services, context.database, context.identity, given)),
  logIn: async (_root, given, context) =>
    context.continueAs(await logIn(context.services, context.database, context.identity, given)),
  refreshSession: async (_root, { refreshToken }, context) =>
    context.continueAs(await refreshSession(context.services, context.database, context.identity, refreshToken)),
  ...peopleMutations,
  logOut: async (_root, _args, { services, database, identity }) => {
    const { sessionId } = identity;
    if (sessionId) await endOwnSessions(services, database, identity, { only: sessionId, reason: 'LOG_OUT' });
    return true;
  },
  ...twoFactorMutation,
  ...auditMutation,
  ...accountMutation,
  ...apiKeyMutations,
};
