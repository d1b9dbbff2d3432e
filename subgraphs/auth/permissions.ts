import { anyone, type Permissions, service, signedIn } from '../permission.js';

export const permissions: Permissions = {
  Query: {
    me: signedIn,
    organization: signedIn,
    sessionIdentity: service,
  },
  Mutation: {
    signUp: anyone,
    logIn: anyone,
    refreshSession: anyone,
    logOut: signedIn,

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
    User: signedIn,
    Organization: signedIn,
  },
};
