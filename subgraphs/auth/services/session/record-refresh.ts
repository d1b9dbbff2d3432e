import type { TransactionContext } from '#auth/context.js';
import type { Session } from '#auth/entities/session.js';
import { storableText } from '#runtime/audit/storable-details.js';

/** Origins kept of each session, the latest. */
const MAX_ORIGINS = 10;
/** PostgreSQL indexes at most 2,700 bytes. */
const MAX_LENGTH = 500;

const clip = (text: string | undefined) => storableText(text ?? '').slice(0, MAX_LENGTH);

/** Records from where a session was refreshed. The session must be locked. */
export async function recordRefresh(
  { services, manager, identity }: TransactionContext,
  { id }: Pick<Session, 'id'>,
): Promise<void> {
  const { address, userAgent } = identity.client ?? {};
  await manager.query(
    `INSERT INTO auth.session_refresh (session_id, address, user_agent, first_at, last_at) VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT (session_id, address, user_agent) DO UPDATE SET last_at = excluded.last_at`,
    [id, clip(address), clip(userAgent), services.now()],
  );
  await manager.query(
    `DELETE FROM auth.session_refresh WHERE session_id = $1 AND (address, user_agent) NOT IN (
       SELECT address, user_agent FROM auth.session_refresh WHERE session_id = $1 ORDER BY last_at DESC LIMIT ${MAX_ORIGINS})`,
    [id],
  );
}
