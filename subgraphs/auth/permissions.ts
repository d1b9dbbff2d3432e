import { anyone, atLeast, type Permissions, service, signedIn, signedInForSetUp } from '../permission.js';

export const permissions: Permissions = {
  Query: {
    me: signedInForSetUp,
    organization: signedIn,
    sessionIdentity: service,
  },
  Mutation: {
    signUp: anyone,
    logIn: anyone,
    refreshSession: anyone,
    logOut: signedInForSetUp,
    recordOperatorAction: service,
    completeLogIn: anyone,
    startTwoFactor: signedInForSetUp,
    confirmTwoFactor: signedInForSetUp,
    disableTwoFactor: signedIn,
    regenerateRecoveryCodes: signedIn,
    resetTwoFactor: atLeast('ADMIN'),
    requireTwoFactor: atLeast('ADMIN'),
    verifyEmail: anyone,
    resendVerification: signedIn,
    requestPasswordReset: anyone,
    resetPassword: anyone,
    changePassword: signedIn,
    changeEmail: signedIn,
    confirmEmailChange: anyone,
    stopEmailChange: anyone,
    endSession: signedIn,
    endOtherSessions: signedIn,
    logOutEverywhere: signedIn,
  },
  entities: {
    User: signedInForSetUp,
    Organization: signedIn,
  },
  fields: {
    Organization: { auditLog: atLeast('ADMIN'), caretakers: atLeast('ADMIN') },
  },
};
