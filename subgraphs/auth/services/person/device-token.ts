import { createHash, randomUUID } from 'node:crypto';
import type { ServiceContext } from '#auth/context.js';

const DEVICE_AUDIENCE = 'webmetrics-device';
const TTL_SECONDS = 365 * 24 * 60 * 60;

interface DeviceClaims {
  jti: string;
  account: string;
}

/** Returns the rate-limit key of an account. */
export function accountKey(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('base64url');
}

/** Returns a JWT that identifies a device at later sign-ins, for a year. */
export function issueDeviceToken(
  { services }: Pick<ServiceContext, 'services'>,
  { email }: { email: string },
): Promise<string> {
  const claims: DeviceClaims = { jti: randomUUID(), account: accountKey(email) };
  return services.accessTokenSigner.signClaims({ ...claims }, DEVICE_AUDIENCE, TTL_SECONDS);
}

/** Returns the device id in a token of this account; undefined for any other token. */
export async function knownDevice(
  { services }: Pick<ServiceContext, 'services'>,
  { email, deviceToken }: { email: string; deviceToken?: string | null },
): Promise<string | undefined> {
  if (!deviceToken) return undefined;
  const signer = services.accessTokenSigner;
  const claims = await signer.verifyClaims<DeviceClaims>(deviceToken, DEVICE_AUDIENCE).catch(() => null);
  return claims?.account === accountKey(email) ? claims.jti : undefined;
}
