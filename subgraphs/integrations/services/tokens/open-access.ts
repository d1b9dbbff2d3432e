import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { Access, Equipment } from '#integrations/equipment.js';
import { NotFound } from '#runtime/errors.js';
import { readAccess } from './read-access.js';
import { renewTokens } from './renew-tokens.js';

/** An access token is not begun with in its last minute: the clocks of two machines are never quite the same. */
const LAST_USE_BEFORE_MS = 60 * 1000;

/** Returns what it takes to ask the provider, the access token renewed if it ends within a minute. */
export async function openAccess(
  equipment: Equipment,
  { id, organizationId }: Pick<Connection, 'id' | 'organizationId'>,
): Promise<Access> {
  const { database, services } = equipment;
  const connection = await database.manager.findOneBy(ConnectionEntity, { id, organizationId });
  if (!connection) throw new NotFound('connection');
  const endsSoon = ({ expiresAt }: Connection) =>
    expiresAt !== null && expiresAt.getTime() - services.now().getTime() < LAST_USE_BEFORE_MS;
  const access = readAccess(equipment, connection);
  return endsSoon(connection) ? renewTokens(equipment, connection, endsSoon) : access;
}
