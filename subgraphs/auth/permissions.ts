import { anyone, atLeast, type Permissions, service, signedIn } from '../permission.js';

export const permissions: Permissions = {
  Query: {
    me: signedIn,
    organization: signedIn,
    invitation: anyone,
    sessionIdentity: service,
  },
  Mutation: {
    signUp: anyone,
    logIn: anyone,
    refreshSession: anyone,
    inviteMember: atLeast('ADMIN'),
    resendInvitation: atLeast('ADMIN'),
    revokeInvitation: atLeast('ADMIN'),
    acceptInvitation: anyone,
    changeMemberRole: atLeast('ADMIN'),
    removeMember: atLeast('ADMIN'),
    leaveOrganization: signedIn,
    transferOwnership: atLeast('OWNER'),
    switchOrganization: signedIn,
    createOrganization: signedIn,
    deleteOrganization: atLeast('OWNER'),
    cancelOrganizationDeletion: atLeast('OWNER'),
    exportMyData: signedIn,
    renameOrganization: atLeast('ADMIN'),
    logOut: signedIn,
  },
  entities: {
    User: signedIn,
    Organization: signedIn,
  },
  fields: {
    Organization: { members: signedIn, invitations: atLeast('ADMIN') },
  },
};
