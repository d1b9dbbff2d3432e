import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, SignJWT } from 'jose';
import type { Grant } from '#simulator/oauth/grants.js';
import { getPerson } from '#simulator/oauth/people.js';
import { selfSignedCertificate } from './self-signed-certificate.js';

const KEY_ID = 'simulated-key-1';
const TTL_SECONDS = 3599;

let keys: Promise<{ publicKey: KeyObject; privateKey: KeyObject }> | undefined;

// Generated on first use: an RSA key takes a moment.
function signingKeys() {
  keys ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return keys;
}

interface IdTokenOptions {
  scopes: readonly string[];
  nonce: string | undefined;
}

/** Returns a grant's signed OpenID Connect id_token. */
export async function signIdToken(grant: Grant, { scopes, nonce }: IdTokenOptions, now: Date): Promise<string> {
  const person = getPerson(grant.person);
  const issuedAt = Math.floor(now.getTime() / 1000);
  const seesEmail = scopes.includes('https://www.googleapis.com/auth/userinfo.email');
  const seesProfile = scopes.includes('https://www.googleapis.com/auth/userinfo.profile');
  return new SignJWT({
    azp: grant.clientId,
    ...(nonce !== undefined && { nonce }),
    ...(seesEmail && { email: person.email, email_verified: true }),
    ...(seesProfile && {
      name: `${person.givenName} ${person.familyName}`,
      given_name: person.givenName,
      family_name: person.familyName,
    }),
  })
    .setProtectedHeader({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' })
    .setIssuer('https://accounts.google.com')
    .setAudience(grant.clientId)
    .setSubject(person.googleId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TTL_SECONDS)
    .sign((await signingKeys()).privateKey);
}

/** Returns the keys at /oauth2/v3/certs. */
export async function publicKeys(): Promise<{ keys: object[] }> {
  const { publicKey } = await signingKeys();
  return { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
}

/** Returns the keys as certificates at /oauth2/v1/certs, for Google's own libraries. */
export async function certificates(): Promise<Record<string, string>> {
  return { [KEY_ID]: selfSignedCertificate('federated-signon.system.gserviceaccount.com', await signingKeys()) };
}
