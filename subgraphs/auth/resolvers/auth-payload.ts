import { NotFound } from '../../../ops/runtime/errors.js';
import type { Context } from '../context.js';
import type { AuthPayloadResolvers } from '../resolver-types.js';
import { issueDeviceToken } from '../services/device-token.js';
import type { SignedIn } from '../services/sign-in.js';

async function userOf({ session }: SignedIn, { personById }: Context) {
  const user = await personById.load(session.personId);
  if (!user) throw new NotFound('user');
  return user;
}

export const AuthPayload: AuthPayloadResolvers = {
  user: (signedIn, _args, context) => userOf(signedIn, context),
  deviceToken: async (signedIn, _args, context) =>
    issueDeviceToken(context.runtime, (await userOf(signedIn, context)).email),
};
