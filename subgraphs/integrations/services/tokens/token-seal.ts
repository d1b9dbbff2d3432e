import type { Connection } from '#integrations/entities/connection.js';
import type { Tokens } from '#integrations/providers/provider.js';
import type { Sealer } from '#runtime/sealing/crypto.js';
import type { SealedColumn } from '#runtime/sealing/sealed-column.js';

type Owner = Pick<Connection, 'id' | 'organizationId'>;

// Binds sealed tokens to their row.
const associatedDataOf = ({ organizationId, id }: Owner) => `integrations:${organizationId}:${id}`;

export const sealedTokens: SealedColumn = {
  table: 'integrations.connection',
  column: 'sealed_tokens',
  associatedDataOf,
};

/** Returns the columns that hold a connection's tokens. */
export function sealTokens(
  sealer: Sealer,
  owner: Owner,
  { expiresAt, ...secrets }: Tokens,
): Pick<Connection, 'sealedTokens' | 'expiresAt'> {
  return { sealedTokens: sealer.seal(JSON.stringify(secrets), associatedDataOf(owner)), expiresAt };
}

/** Returns the tokens of a connection; undefined when it has none. */
export function openTokens(sealer: Sealer, connection: Connection): Tokens | undefined {
  if (connection.sealedTokens === null) return undefined;
  const secrets = JSON.parse(sealer.open(connection.sealedTokens, associatedDataOf(connection)));
  return { ...secrets, expiresAt: connection.expiresAt };
}
