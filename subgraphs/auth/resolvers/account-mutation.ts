import type { MutationResolvers } from '#auth/resolver-types.js';
import { changeEmail } from '#auth/services/email/change-email.js';
import { confirmEmailChange } from '#auth/services/email/confirm-email-change.js';
import { resendVerification } from '#auth/services/email/send-verification.js';
import { stopEmailChange } from '#auth/services/email/stop-email-change.js';
import { verifyEmail } from '#auth/services/email/verify-email.js';
import { changePassword } from '#auth/services/password/change-password.js';
import { requestPasswordReset } from '#auth/services/password/request-password-reset.js';
import { resetPassword } from '#auth/services/password/reset-password.js';
import { requirePerson } from '#auth/services/person/current-person.js';
import { endOwnSessions, endSession } from '#auth/services/session/manage-sessions.js';

/** What people change about their own account. */
export const accountMutation: MutationResolvers = {
  verifyEmail: async (_root, { token }, { services, database, identity }) => {
    await verifyEmail(services, database, identity, token);
    return true;
  },
  resendVerification: async (_root, _args, { services, database, identity }) => {
    await resendVerification(services, database, requirePerson(identity));
    return true;
  },
  requestPasswordReset: async (_root, given, { services, identity }) => {
    await requestPasswordReset(services, identity, given);
    return true;
  },
  resetPassword: async (_root, given, { services, database, identity }) => {
    await resetPassword(services, database, identity, given);
    return true;
  },
  changePassword: async (_root, given, { services, database, identity }) => {
    await changePassword(services, database, identity, given);
    return true;
  },
  changeEmail: async (_root, given, { services, database, identity }) => {
    await changeEmail(services, database, identity, given);
    return true;
  },
  confirmEmailChange: async (_root, { token }, { services, database, identity }) => {
    await confirmEmailChange(services, database, identity, token);
    return true;
  },
  stopEmailChange: async (_root, { token }, { services, database, identity }) => {
    await stopEmailChange(services, database, identity, token);
    return true;
  },
  endSession: async (_root, { sessionId }, { services, database, identity }) => {
    await endSession(services, database, identity, sessionId);
    return true;
  },
  endOtherSessions: (_root, _args, { services, database, identity }) =>
    endOwnSessions(services, database, identity, { except: identity.sessionId, reason: 'ENDED_FROM_ANOTHER_SESSION' }),
  logOutEverywhere: (_root, _args, { services, database, identity }) =>
    endOwnSessions(services, database, identity, { reason: 'LOG_OUT_EVERYWHERE' }),
};
