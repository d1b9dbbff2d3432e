import { type Context, createContext } from '#auth/context.js';
import type { AuthPayloadResolvers } from '#auth/resolver-types.js';
import { issueDeviceToken } from '#auth/services/person/device-token.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { withContext } from '#kit/payload-context.js';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Returns the payload of a sign-in, resolved on behalf of the person. */
export async function authPayload(context: Context, signingIn: Promise<SignedIn>): Promise<SignedIn> {
  const signedIn = await signingIn;
  await forgetSessions(context, signedIn.endedSessions);
  const { personId: userId, id: sessionId } = signedIn.session;
  const organizationId = signedIn.session.organizationId ?? undefined;
  const { client, requestId } = context.identity;
  const identity: Identity = { kind: 'user', userId, organizationId, sessionId, scopes: [], client, requestId };
  return withContext(createContext(context.services, context.database, identity), signedIn);
}

async function userOf({ session }: SignedIn, { personById }: Context) {
  const user = await personById.load(session.personId);
  if (!user) throw new NotFound('user');
  return user;
}

export const AuthPayload: AuthPayloadResolvers = {
  user: (signedIn, _args, context) => userOf(signedIn, context),
  deviceToken: async (signedIn, _args, context) => issueDeviceToken(context, await userOf(signedIn, context)),
};
