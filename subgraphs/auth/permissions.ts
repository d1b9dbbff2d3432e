import { anyone, atLeast, type Permissions, service, signedIn, signedInForSetUp } from '#kit/permission.js';

const admin = atLeast('ADMIN');
/** Of their own account, whether or not they belong to an organization. */
const person = signedIn.alsoWithoutOrganization();
const personForSetUp = signedInForSetUp.alsoWithoutOrganization();

export const permissions: Permissions = {
  Query: {
    me: personForSetUp,
    organization: signedIn.withAnyScope(),
    invitation: anyone,
    apiKeyScopes: signedIn,
    sessionIdentity: service,
    apiKeyIdentity: service,
  },
  Mutation: {
    signUp: anyone,
    completeSignUp: anyone,
    logIn: anyone,
    refreshSession: anyone,
    inviteMember: admin,
    resendInvitation: admin,
    revokeInvitation: admin,
    acceptInvitation: anyone,
    changeMemberRole: admin,
    removeMember: admin,
    leaveOrganization: signedIn,
    transferOwnership: atLeast('OWNER'),
    switchOrganization: person,
    createOrganization: person,
    deleteOrganization: atLeast('OWNER'),
    cancelOrganizationDeletion: atLeast('OWNER'),
    exportMyData: person,
    deleteAccount: person,
    updateOrganization: admin,
    logOut: personForSetUp,
    recordOperatorAction: service,
    recordToolCall: signedIn.withAnyScope(),
    confirmMember: service,
    completeLogIn: anyone,
    startTwoFactor: personForSetUp,
    confirmTwoFactor: personForSetUp,
    disableTwoFactor: person,
    regenerateRecoveryCodes: person,
    resetTwoFactor: admin,
    requireTwoFactor: admin,
    verifyEmail: anyone,
    resendVerification: person,
    requestPasswordReset: anyone,
    resetPassword: anyone,
    changePassword: person,
    changeEmail: person,
    confirmEmailChange: anyone,
    stopEmailChange: anyone,
    declineMail: anyone,
    endSession: person,
    endOtherSessions: person,
    logOutEverywhere: person,
    createApiKey: admin,
    rotateApiKey: admin,
    revokeApiKey: admin,
  },
  entities: {
    User: personForSetUp.withScope('read:organization'),
    Organization: signedIn.withAnyScope(),
  },
  fields: {
    // Closed to API keys.
    User: {
      memberships: personForSetUp,
      sessions: personForSetUp,
      hasTwoFactor: personForSetUp,
      recoveryCodesLeft: personForSetUp,
    },
    Organization: {
      members: signedIn.withScope('read:organization'),
      invitations: admin,
      auditLog: admin,
      caretakers: admin,
      apiKeys: admin,
    },
  },
};
