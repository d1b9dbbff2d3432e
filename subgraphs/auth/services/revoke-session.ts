import { type DataSource, IsNull } from 'typeorm';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { sessionIdentityCache } from '../../../ops/runtime/session-identity.js';
import { SessionEntity } from '../entities/session.js';

/** Ends a session: its refresh tokens are refused from now on, and its access tokens as soon as no gateway remembers it. */
export async function revokeSession(runtime: Runtime, database: DataSource, sessionId: string): Promise<void> {
  await database.manager.update(SessionEntity, { id: sessionId, revokedAt: IsNull() }, { revokedAt: runtime.now() });
  await sessionIdentityCache(runtime.cache).delete(sessionId);
}
