import { EntitySchema } from 'typeorm';
import type { MailStatus } from '#runtime/mail/mail-state.js';

export type DeliveryState =
  | 'MAKING'
  | 'WAITING_REVIEW'
  | 'HELD'
  | 'SENDING'
  | 'REJECTED'
  | 'SENT'
  | 'FAILED'
  | 'SKIPPED'
  | 'MISSED';

/** A run of a schedule, and what became of it. */
export interface ReportDelivery {
  id: string;
  organizationId: string;
  scheduleId: string;
  /** Unique per schedule, of those that are not extra. */
  dueAt: Date;
  /** Whether someone ordered it besides the runs. */
  isExtra: boolean;
  state: DeliveryState;
  reason: string | null;
  reportId: string | null;
  isLinkedForSize: boolean;
  /** When someone approved or rejected it; `decidedBy` null = an API key did. */
  decidedAt: Date | null;
  decidedBy: string | null;
  sentAt: Date | null;
  createdAt: Date;
}

export const ReportDeliveryEntity = new EntitySchema<ReportDelivery>({
  name: 'ReportDelivery',
  tableName: 'report_delivery',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    scheduleId: { type: 'uuid', name: 'schedule_id' },
    dueAt: { type: 'timestamptz', name: 'due_at' },
    isExtra: { type: 'boolean', name: 'is_extra' },
    state: { type: 'text' },
    reason: { type: 'text', nullable: true },
    reportId: { type: 'uuid', name: 'report_id', nullable: true },
    isLinkedForSize: { type: 'boolean', name: 'is_linked_for_size' },
    decidedAt: { type: 'timestamptz', name: 'decided_at', nullable: true },
    decidedBy: { type: 'uuid', name: 'decided_by', nullable: true },
    sentAt: { type: 'timestamptz', name: 'sent_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});

/** What became of the mail to a recipient: what the outbox says, or why there was none. */
export type ReportMailState = MailStatus | 'UNCONFIRMED' | 'NOT_ALLOWED';

/** The mail of a delivery to one recipient. */
export interface ReportDeliveryRecipient {
  deliveryId: string;
  email: string;
  recipientId: string | null;
  /** In the outbox, for 30 days after its end; null = there was none. */
  mailId: string | null;
  /** That of the outbox, as last copied. */
  state: ReportMailState;
  reason: string | null;
  attempts: number;
  finishedAt: Date | null;
  /** SHA-256 of the token that ends the organization's reports to the address. */
  declineHash: string | null;
}

export const ReportDeliveryRecipientEntity = new EntitySchema<ReportDeliveryRecipient>({
  name: 'ReportDeliveryRecipient',
  tableName: 'report_delivery_recipient',
  columns: {
    deliveryId: { type: 'uuid', primary: true, name: 'delivery_id' },
    email: { type: 'text', primary: true },
    recipientId: { type: 'uuid', name: 'recipient_id', nullable: true },
    mailId: { type: 'uuid', name: 'mail_id', nullable: true },
    state: { type: 'text' },
    reason: { type: 'text', nullable: true },
    attempts: { type: 'integer' },
    finishedAt: { type: 'timestamptz', name: 'finished_at', nullable: true },
    declineHash: { type: 'text', name: 'decline_hash', nullable: true },
  },
});
