import { EntitySchema } from 'typeorm';

/** The refreshes of a session from one address with one user agent. */
export interface SessionRefresh {
  sessionId: string;
  /** '' = unknown. */
  address: string;
  /** '' = unknown. */
  userAgent: string;
  firstAt: Date;
  lastAt: Date;
}

export const SessionRefreshEntity = new EntitySchema<SessionRefresh>({
  name: 'SessionRefresh',
  tableName: 'session_refresh',
  columns: {
    sessionId: { type: 'uuid', name: 'session_id', primary: true },
    address: { type: 'text', primary: true },
    userAgent: { type: 'text', name: 'user_agent', primary: true },
    firstAt: { type: 'timestamptz', name: 'first_at' },
    lastAt: { type: 'timestamptz', name: 'last_at' },
  },
});
