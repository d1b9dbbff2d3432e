import { EntitySchema } from 'typeorm';

/** What billing mails are about. */
export const noticeKinds = [
  'TRIAL_ENDING',
  'TRIAL_ENDED',
  'TRIAL_CONVERTING',
  'TRIAL_ENDED_EARLY',
  'PAYMENT_SUCCEEDED',
  'PAYMENT_FAILED',
  'ACTION_REQUIRED',
  'DUNNING_OVER',
  'RESTORED',
  'RENEWAL',
  'CANCELLATION',
  'CARD_EXPIRING',
  'PAUSED',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** A mail about billing that an organization gets at most once. */
export interface Notice {
  id: string;
  organizationId: string;
  kind: NoticeKind;
  /** What it is about: unique with organization and kind. */
  subject: string;
  /** When it is looked at next. */
  dueAt: Date;
  /** OBSOLETE: it was no longer true when it was due. */
  outcome: 'QUEUED' | 'OBSOLETE' | null;
  createdAt: Date;
  settledAt: Date | null;
}

export const NoticeEntity = new EntitySchema<Notice>({
  name: 'Notice',
  tableName: 'notice',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    kind: { type: 'text' },
    subject: { type: 'text' },
    dueAt: { type: 'timestamptz', name: 'due_at' },
    outcome: { type: 'text', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    settledAt: { type: 'timestamptz', name: 'settled_at', nullable: true },
  },
});
