import { Secret, TOTP } from 'otpauth';
import type { SealedColumn } from '#runtime/sealing/sealed-column.js';

// RFC 6238 with the parameters of all authenticator apps.
const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** Time steps accepted before and after the current one. */
const WINDOW = 1;

/** Returns the associated data of a person's sealed secret. */
export const twoFactorOwner = (personId: string) => `auth:two-factor:${personId}`;

/** The sealed secrets, for key rotation. */
export const sealedTwoFactor: SealedColumn = {
  table: 'auth.two_factor',
  column: 'secret',
  isPersonal: true,
  associatedDataOf: ({ id }) => twoFactorOwner(id),
};

/** Returns a new secret in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** Returns the `otpauth:` URI for a QR code. */
export function totpUri(secret: string, account: string): string {
  return new TOTP({ issuer: 'WebMetrics', label: account, secret: Secret.fromBase32(secret) }).toString();
}

/** Returns the time step of a valid code; undefined for any other. */
export function totpStep(secret: string, { code, now }: { code: string; now: Date }): number | undefined {
  const timestamp = now.getTime();
  const delta = TOTP.validate({ token: code, secret: Secret.fromBase32(secret), timestamp, window: WINDOW });
  return delta === null ? undefined : TOTP.counter({ timestamp, period: PERIOD_SECONDS }) + delta;
}
