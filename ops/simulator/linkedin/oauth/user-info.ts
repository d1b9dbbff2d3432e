import { accessDenied } from '#simulator/linkedin/linkedin-error.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { authenticate } from './authenticate.js';

/** Returns who consented, as far as the scopes allow. https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2 */
export function readUserInfo(request: WireRequest, world: World): Record<string, unknown> {
  const { token, person } = authenticate(request, world);
  if (!token.scopes.includes('openid')) throw accessDenied('userinfo.GET.NO_VERSION', '');
  return {
    sub: person.linkedinId,
    ...(token.scopes.includes('profile') && {
      name: `${person.givenName} ${person.familyName}`,
      given_name: person.givenName,
      family_name: person.familyName,
      picture: `${request.base}/media/${person.linkedinId}.jpg`,
      locale: 'en-US',
    }),
    ...(token.scopes.includes('email') && { email: person.email, email_verified: true }),
  };
}
