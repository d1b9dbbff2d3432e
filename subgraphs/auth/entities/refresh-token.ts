import { EntitySchema } from 'typeorm';

/** A refresh token. Exchanged ones are kept with their session, to detect reuse. */
export interface RefreshToken {
  /** SHA-256 in hexadecimal. */
  hash: string;
  sessionId: string;
  /** When it was exchanged; null = the newest. */
  replacedAt: Date | null;
}

export const RefreshTokenEntity = new EntitySchema<RefreshToken>({
  name: 'RefreshToken',
  tableName: 'refresh_token',
  columns: {
    hash: { type: 'text', primary: true },
    sessionId: { type: 'uuid', name: 'session_id' },
    replacedAt: { type: 'timestamptz', name: 'replaced_at', nullable: true },
  },
});
