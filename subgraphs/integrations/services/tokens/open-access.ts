import type { Context } from '#integrations/context.js';
import type { Access } from '#integrations/dependencies.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { NotFound } from '#runtime/errors.js';
import { readAccess } from './read-access.js';
import { renewTokens } from './renew-tokens.js';

/** Clocks of two machines differ. */
const LAST_USE_BEFORE_MS = 60 * 1000;

/** Returns the access; a token that ends within a minute is renewed. */
export async function openAccess(
  context: Context,
  { id, organizationId }: Pick<Connection, 'id' | 'organizationId'>,
): Promise<Access> {
  const { database, services } = context;
  const connection = await database.manager.findOneBy(ConnectionEntity, { id, organizationId });
  if (!connection) throw new NotFound('connection');
  const needsRenewal = ({ expiresAt }: Connection) =>
    expiresAt !== null && expiresAt.getTime() - services.now().getTime() < LAST_USE_BEFORE_MS;
  const access = readAccess(context, connection);
  return needsRenewal(connection) ? renewTokens(context, { connection, needsRenewal }) : access;
}
