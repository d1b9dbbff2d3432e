import { anyone, atLeast, type Permissions, service, signedIn } from '../permission.js';

const admin = atLeast('ADMIN');

export const permissions: Permissions = {
  Query: {
    me: signedIn,
    organization: signedIn.withAnyScope(),
    apiKeyScopes: signedIn,
    sessionIdentity: service,
    apiKeyIdentity: service,
  },
  Mutation: {
    signUp: anyone,
    logIn: anyone,
    refreshSession: anyone,
    logOut: signedIn,
    createApiKey: admin,
    rotateApiKey: admin,
    revokeApiKey: admin,
  },
  entities: {
    User: signedIn.withScope('read:organization'),
    Organization: signedIn.withAnyScope(),
  },
  fields: {
    Organization: { apiKeys: admin },
  },
};
