import type { MutationResolvers } from '../resolver-types.js';
import { logIn } from '../services/log-in.js';
import { refreshSession } from '../services/refresh-session.js';
import { revokeSession } from '../services/revoke-session.js';
import { signUp } from '../services/sign-up.js';
import { apiKeyMutations } from './api-key-mutation.js';

export const Mutation: MutationResolvers = {
  signUp: async (_root, given, context) => context.continueAs(await signUp(context.runtime, context.database, given)),
  logIn: async (_root, given, context) => context.continueAs(await logIn(context.runtime, context.database, given)),
  refreshSession: async (_root, { refreshToken }, context) =>
    context.continueAs(await refreshSession(context.runtime, context.database, refreshToken)),
  logOut: async (_root, _args, { runtime, database, identity }) => {
    if (identity.sessionId) await revokeSession(runtime, database, identity.sessionId);
    return true;
  },
  ...apiKeyMutations,
};
