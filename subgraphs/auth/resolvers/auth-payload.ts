import type { Context } from '#auth/context.js';
import type { AuthPayloadResolvers } from '#auth/resolver-types.js';
import { issueDeviceToken } from '#auth/services/person/device-token.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { NotFound } from '#runtime/errors.js';

async function userOf({ session }: SignedIn, { personById }: Context) {
  const user = await personById.load(session.personId);
  if (!user) throw new NotFound('user');
  return user;
}

export const AuthPayload: AuthPayloadResolvers = {
  user: (signedIn, _args, context) => userOf(signedIn, context),
  deviceToken: async (signedIn, _args, context) =>
    issueDeviceToken(context.services, (await userOf(signedIn, context)).email),
};
