import { EntitySchema } from 'typeorm';

/** A sign-in on one device: a family of refresh tokens of which the newest is valid. */
export interface Session {
  id: string;
  personId: string;
  /** null = the person belonged to none. */
  organizationId: string | null;
  /** The expiry of the newest refresh token. */
  expiresAt: Date;
  /** After this it cannot be refreshed. */
  endsAt: Date;
  revokedAt: Date | null;
  createdAt: Date;
  /** Of the client that signed in. */
  address: string | null;
  userAgent: string | null;
  /** To the minute. */
  lastSeenAt: Date;
}

export const SessionEntity = new EntitySchema<Session>({
  name: 'Session',
  tableName: 'session',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    personId: { type: 'uuid', name: 'person_id' },
    organizationId: { type: 'uuid', name: 'organization_id', nullable: true },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    endsAt: { type: 'timestamptz', name: 'ends_at' },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
    address: { type: 'text', nullable: true },
    userAgent: { type: 'text', name: 'user_agent', nullable: true },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at' },
  },
});
