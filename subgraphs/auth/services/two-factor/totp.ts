import { Secret, TOTP } from 'otpauth';

// RFC 6238 as every authenticator app knows it: SHA-1, six digits, 30 seconds.
const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** Codes of the step before and after count too: clocks differ, and people take their time. */
const WINDOW = 1;

/** Returns a new secret in base32, as authenticator apps take it. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** Returns the address an authenticator app reads from a QR code. */
export function totpUri(secret: string, account: string): string {
  return new TOTP({ issuer: 'WebMetrics', label: account, secret: Secret.fromBase32(secret) }).toString();
}

/** Returns the time step whose code this is, or undefined when it is none of these moments. */
export function totpStep(secret: string, code: string, now: Date): number | undefined {
  const timestamp = now.getTime();
  const delta = TOTP.validate({ token: code, secret: Secret.fromBase32(secret), timestamp, window: WINDOW });
  return delta === null ? undefined : TOTP.counter({ timestamp, period: PERIOD_SECONDS }) + delta;
}
