import { EntitySchema } from 'typeorm';

/** A refresh token that was issued. Exchanged ones are kept as long as their session, to recognise reuse. */
export interface RefreshToken {
  /** SHA-256 in hexadecimal; the token itself is nowhere. */
  hash: string;
  sessionId: string;
  /** When it was exchanged for its successor; null = it is the newest. */
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
