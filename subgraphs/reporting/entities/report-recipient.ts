import { EntitySchema } from 'typeorm';

/** A mail address that may get reports of an organization; schedules refer to it. */
export interface ReportRecipient {
  id: string;
  organizationId: string;
  email: string;
  /** As addresses are compared; unique in the organization. */
  comparableEmail: string;
  state: 'PENDING' | 'CONFIRMED' | 'DECLINED';
  /** The member whose verified address it is: needs no confirmation. */
  memberId: string | null;
  /** SHA-256 of the token that confirms or declines it, of the last mail that asked. */
  tokenHash: string | null;
  /** null = never asked. */
  askedAt: Date | null;
  decidedAt: Date | null;
  createdAt: Date;
}

export const ReportRecipientEntity = new EntitySchema<ReportRecipient>({
  name: 'ReportRecipient',
  tableName: 'report_recipient',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    email: { type: 'text' },
    comparableEmail: { type: 'text', name: 'comparable_email' },
    state: { type: 'text' },
    memberId: { type: 'uuid', name: 'member_id', nullable: true },
    tokenHash: { type: 'text', name: 'token_hash', nullable: true },
    askedAt: { type: 'timestamptz', name: 'asked_at', nullable: true },
    decidedAt: { type: 'timestamptz', name: 'decided_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
