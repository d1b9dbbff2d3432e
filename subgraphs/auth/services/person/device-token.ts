import { createHash, randomUUID } from 'node:crypto';
import type { ServiceContext } from '#auth/context.js';
import { PersonEntity } from '#auth/entities/person.js';
import { NotFound } from '#runtime/errors.js';
import { DEVICE_AUDIENCE } from '#runtime/identity/token-audiences.js';
import { passwordFingerprint } from './current-password.js';

const TTL_SECONDS = 365 * 24 * 60 * 60;

interface DeviceClaims {
  jti: string;
  account: string;
  /** A fingerprint of the password hash. */
  password: string;
}

/** Returns the rate-limit key of an account. */
export function accountKey(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('base64url');
}

/** Returns a JWT that identifies a device at later sign-ins, for a year and while the password stays. */
export function issueDeviceToken(
  { services }: Pick<ServiceContext, 'services'>,
  { email, passwordHash }: { email: string; passwordHash: string },
): Promise<string> {
  const password = passwordFingerprint({ passwordHash });
  const claims: DeviceClaims = { jti: randomUUID(), account: accountKey(email), password };
  return services.accessTokenSigner.signClaims({ ...claims }, DEVICE_AUDIENCE, TTL_SECONDS);
}

/** Returns such a token for a stored person. Throws NotFound. */
export async function issueDeviceTokenOf(
  { services, manager }: Pick<ServiceContext, 'services' | 'manager'>,
  { personId }: { personId: string },
): Promise<string> {
  const person = await manager.findOneBy(PersonEntity, { id: personId });
  if (!person) throw new NotFound('user');
  return issueDeviceToken({ services }, person);
}

/** Returns the device id in a token of this account and password; undefined for any other token. */
export async function knownDevice(
  { services }: Pick<ServiceContext, 'services'>,
  { email, deviceToken, passwordHash }: { email: string; deviceToken?: string | null; passwordHash?: string },
): Promise<string | undefined> {
  if (!deviceToken || !passwordHash) return undefined;
  const signer = services.accessTokenSigner;
  const claims = await signer.verifyClaims<DeviceClaims>(deviceToken, DEVICE_AUDIENCE).catch(() => null);
  const isOurs = claims?.account === accountKey(email) && claims.password === passwordFingerprint({ passwordHash });
  return isOurs ? claims.jti : undefined;
}
