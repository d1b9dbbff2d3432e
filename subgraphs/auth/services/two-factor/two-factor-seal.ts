import type { SealedColumn } from '#runtime/sealing/sealed-column.js';

/** What the secret of a person's authenticator app is sealed for: it does not open in the row of another. */
export const twoFactorOwner = (personId: string) => `auth:two-factor:${personId}`;

/** Where the secrets of authenticator apps are kept, for the rotation of keys. */
export const sealedTwoFactor: SealedColumn = {
  table: 'auth.two_factor',
  column: 'secret',
  isPersonal: true,
  associatedDataOf: ({ id }) => twoFactorOwner(id),
};
