import { In } from 'typeorm';
import type { ServiceContext } from '#auth/context.js';
import { SessionEntity } from '#auth/entities/session.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';

/**
 * Takes a deleted client out of the limits of members and invitations. One that was limited to this client alone stays
 * limited, to none. Repeatable.
 */
export async function dropClient(
  context: ServiceContext,
  { organizationId, clientId }: { organizationId: string; clientId: string },
): Promise<void> {
  const { manager } = context;
  const drop = (table: string, returned: string) =>
    manager.query<[{ id: string }[], number]>(
      `UPDATE auth.${table} SET client_ids = array_remove(client_ids, $2::uuid)
       WHERE organization_id = $1 AND client_ids @> ARRAY[$2::uuid] RETURNING ${returned} AS id`,
      [organizationId, clientId],
    );
  await drop('invitation', 'id');
  const [members] = await drop('membership', 'person_id');
  const where = { organizationId, personId: In(members.map(({ id }) => id)) };
  await forgetSessions(context, await manager.find(SessionEntity, { where, select: { id: true } }));
}
