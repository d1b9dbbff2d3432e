import { Secret, TOTP } from 'otpauth';
import type { SealedColumn } from '#runtime/sealing/sealed-column.js';

// RFC 6238 with the parameters every authenticator app supports: SHA-1, six digits, 30 seconds.
const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** Accepted time steps before and after the current one: clocks differ, and typing takes time. */
const WINDOW = 1;

/** Returns the associated data a person's secret is sealed with, so that it does not open in another row. */
export const twoFactorOwner = (personId: string) => `auth:two-factor:${personId}`;

/** The column with the sealed secrets, for the rotation of keys. */
export const sealedTwoFactor: SealedColumn = {
  table: 'auth.two_factor',
  column: 'secret',
  isPersonal: true,
  associatedDataOf: ({ id }) => twoFactorOwner(id),
};

/** Returns a new secret in base32, the encoding of authenticator apps. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** Returns the `otpauth:` URI that an authenticator app reads from a QR code. */
export function totpUri(secret: string, account: string): string {
  return new TOTP({ issuer: 'WebMetrics', label: account, secret: Secret.fromBase32(secret) }).toString();
}

/** Returns the time step a code belongs to; undefined for none within the window. */
export function totpStep(secret: string, { code, now }: { code: string; now: Date }): number | undefined {
  const timestamp = now.getTime();
  const delta = TOTP.validate({ token: code, secret: Secret.fromBase32(secret), timestamp, window: WINDOW });
  return delta === null ? undefined : TOTP.counter({ timestamp, period: PERIOD_SECONDS }) + delta;
}
