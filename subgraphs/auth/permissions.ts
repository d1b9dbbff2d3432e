import { anyone, atLeast, type Permissions, service, signedIn } from '../permission.js';

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
  },
  entities: {
    User: signedIn,
    Organization: signedIn,
  },
  fields: {
    Organization: { caretakers: atLeast('ADMIN') },
  },
};
