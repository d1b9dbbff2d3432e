import { type Context, createContext } from '#auth/context.js';
import type { AuthPayloadResolvers } from '#auth/resolver-types.js';
import { issueDeviceTokenOf } from '#auth/services/person/device-token.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import { findSessionIdentity } from '#auth/services/session/find-session-identity.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { withContext } from '#kit/payload-context.js';
import { NotFound, Unauthenticated } from '#runtime/errors.js';
import { identityOfSession } from '#runtime/identity/session-identity.js';

/**
 * Returns the payload of a sign-in, resolved on behalf of the person with the rights that the session has: an answer shows what the next
 * request would.
 */
export async function authPayload(context: Context, signingIn: Promise<SignedIn>): Promise<SignedIn> {
  const signedIn = await signingIn;
  await forgetSessions(context, signedIn.endedSessions);
  const sessionId = signedIn.session.id;
  const session = await findSessionIdentity(context, { sessionId });
  if (!session) throw new Unauthenticated('This session has ended: log in again.');
  context.issued.accessTokens.push(signedIn.accessToken);
  const { client, requestId } = context.identity;
  const identity = identityOfSession(session, { sessionId, client, requestId });
  return withContext(createContext(context.services, context.database, identity), signedIn);
}

async function userOf({ session }: SignedIn, { personById }: Context) {
  const user = await personById.load(session.personId);
  if (!user) throw new NotFound('user');
  return user;
}

export const AuthPayload: AuthPayloadResolvers = {
  user: (signedIn, _args, context) => userOf(signedIn, context),
  deviceToken: ({ session: { personId } }, _args, context) => issueDeviceTokenOf(context, { personId }),
};
