import { createHash, randomUUID } from 'node:crypto';
import type { Services } from '#runtime/services.js';

const DEVICE_AUDIENCE = 'webmetrics-device';
const TTL_SECONDS = 365 * 24 * 60 * 60;

interface DeviceClaims {
  jti: string;
  /** Whose device it is. */
  account: string;
}

/** Returns what an account is counted under: the address it signs in with, unreadable. */
export function accountKey(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('base64url');
}

/** Returns a token by which the device that holds it is known again when its person signs in: good for a year. */
export function issueDeviceToken(services: Services, email: string): Promise<string> {
  const claims: DeviceClaims = { jti: randomUUID(), account: accountKey(email) };
  return services.accessTokenSigner.signClaims({ ...claims }, DEVICE_AUDIENCE, TTL_SECONDS);
}

/** Returns which device of this account sent a token; undefined when it is none of them. */
export async function knownDevice(services: Services, token: string | null | undefined, email: string) {
  if (!token) return undefined;
  const claims = await services.accessTokenSigner.verifyClaims<DeviceClaims>(token, DEVICE_AUDIENCE).catch(() => null);
  return claims?.account === accountKey(email) ? claims.jti : undefined;
}
