import type { Context } from '#auth/context.js';
import type { MutationResolvers } from '#auth/resolver-types.js';
import { changeEmail } from '#auth/services/email/change-email.js';
import { confirmEmailChange } from '#auth/services/email/confirm-email-change.js';
import { stopEmailChange } from '#auth/services/email/stop-email-change.js';
import { resendVerification, verifyEmail } from '#auth/services/email/verify-email.js';
import { declineMail } from '#auth/services/link/decline-mail.js';
import { changePassword } from '#auth/services/password/change-password.js';
import { requestPasswordReset } from '#auth/services/password/request-password-reset.js';
import { resetPassword } from '#auth/services/password/reset-password.js';
import { deleteAccount } from '#auth/services/person/delete-account.js';
import { endOwnSessions, endSession } from '#auth/services/session/manage-sessions.js';

/** Returns a resolver that calls a service and returns true. */
const acknowledge =
  <Input>(service: (context: Context, input: Input) => Promise<void>) =>
  async (_root: unknown, input: Input, context: Context): Promise<true> => {
    await service(context, input);
    return true;
  };

/** Mutations of the caller's own account and sessions. */
export const accountMutations: MutationResolvers = {
  verifyEmail: acknowledge(verifyEmail),
  resendVerification: acknowledge(resendVerification),
  requestPasswordReset: acknowledge(requestPasswordReset),
  resetPassword: acknowledge(resetPassword),
  changePassword: acknowledge(changePassword),
  changeEmail: acknowledge(changeEmail),
  confirmEmailChange: acknowledge(confirmEmailChange),
  stopEmailChange: acknowledge(stopEmailChange),
  declineMail: acknowledge(declineMail),
  deleteAccount: acknowledge(deleteAccount),
  endSession: acknowledge(endSession),
  endOtherSessions: (_root, _args, context) =>
    endOwnSessions(context, { except: context.identity.sessionId, reason: 'ENDED_FROM_ANOTHER_SESSION' }),
  logOutEverywhere: (_root, _args, context) => endOwnSessions(context, { reason: 'LOG_OUT_EVERYWHERE' }),
};
