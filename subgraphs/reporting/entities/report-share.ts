import { EntitySchema } from 'typeorm';
import type { Format } from '#reporting/rendering/renderer.js';

/** A link that shows a report without a login. */
export interface ReportShare {
  id: string;
  organizationId: string;
  reportId: string;
  /** SHA-256 of its token, hexadecimal: the token has 256 random bits. */
  tokenHash: string;
  /** bcrypt; null = it opens without a password. */
  passwordHash: string | null;
  /** The files it offers. */
  formats: Format[];
  /** null = created by a key, or by a schedule. */
  createdBy: string | null;
  createdByKey: string | null;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  /** Of its page. */
  viewCount: number;
  lastViewedAt: Date | null;
}

export const ReportShareEntity = new EntitySchema<ReportShare>({
  name: 'ReportShare',
  tableName: 'report_share',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    reportId: { type: 'uuid', name: 'report_id' },
    tokenHash: { type: 'text', name: 'token_hash' },
    passwordHash: { type: 'text', name: 'password_hash', nullable: true },
    formats: { type: 'text', array: true },
    createdBy: { type: 'uuid', name: 'created_by', nullable: true },
    createdByKey: { type: 'uuid', name: 'created_by_key', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    viewCount: { type: 'integer', name: 'view_count' },
    lastViewedAt: { type: 'timestamptz', name: 'last_viewed_at', nullable: true },
  },
});
