import { EntitySchema } from 'typeorm';
import { instant } from './columns.js';

/** What billing mails are about. */
export type NoticeKind =
  | 'TRIAL_ENDING'
  | 'TRIAL_ENDED'
  | 'TRIAL_CONVERTING'
  | 'TRIAL_REFUSED'
  | 'PAYMENT_SUCCEEDED'
  | 'PAYMENT_FAILED'
  | 'ACTION_REQUIRED'
  | 'DUNNING_OVER'
  | 'RESTORED'
  | 'RENEWAL'
  | 'CANCELLATION'
  | 'CARD_EXPIRING'
  | 'PAUSED';

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
    dueAt: instant('due_at', { nullable: false }),
    outcome: { type: 'text', nullable: true },
    createdAt: instant('created_at', { nullable: false }),
    settledAt: instant('settled_at'),
  },
});
