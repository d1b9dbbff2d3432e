import type { MutationResolvers } from '#auth/resolver-types.js';
import { recordOperatorAction } from '#auth/services/audit/record-operator-action.js';
import { recordToolCall } from '#auth/services/audit/record-tool-call.js';
import { endOwnSessions } from '#auth/services/session/manage-sessions.js';
import { refreshSession } from '#auth/services/session/refresh-session.js';
import { completeLogIn, logIn } from '#auth/services/sign-in/log-in.js';
import { completeSignUp } from '#auth/services/sign-up/complete-sign-up.js';
import { signUp } from '#auth/services/sign-up/sign-up.js';
import { accountMutations } from './account-mutations.js';
import { authPayload } from './auth-payload.js';
import { organizationMutations } from './organization-mutations.js';
import { twoFactorMutations } from './two-factor-mutations.js';
import { webhookMutations } from './webhook-mutations.js';

export const Mutation: MutationResolvers = {
  signUp: (_root, given, context) => authPayload(context, signUp(context, given)),
  completeSignUp: (_root, given, context) => authPayload(context, completeSignUp(context, given)),
  logIn: (_root, given, context) => authPayload(context, logIn(context, given)),
  completeLogIn: (_root, given, context) => authPayload(context, completeLogIn(context, given)),
  refreshSession: (_root, given, context) => authPayload(context, refreshSession(context, given)),
  logOut: async (_root, _args, context) => {
    const { sessionId } = context.identity;
    if (sessionId) await endOwnSessions(context, { only: sessionId, reason: 'LOG_OUT' });
    return true;
  },
  recordOperatorAction: (_root, given, context) => recordOperatorAction(context, given),
  recordToolCall: (_root, given, context) => recordToolCall(context, given),
  ...accountMutations,
  ...organizationMutations,
  ...twoFactorMutations,
  ...webhookMutations,
};
