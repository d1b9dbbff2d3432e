import { EntitySchema } from 'typeorm';
import type { Language } from '#reporting/dataset/dataset.js';
import type { Format } from '#reporting/rendering/renderer.js';
import type { Recurrence } from '#reporting/schedules/recurrence.js';
import type { Comparison } from './report.js';

/** Why a schedule has no runs. */
export type PauseReason = 'REQUESTED' | 'OWNER_LEFT' | 'TEMPLATE_DELETED' | 'CLIENT_DELETED';

/** What orders and delivers a report again and again. */
export interface ReportSchedule {
  id: string;
  organizationId: string;
  name: string;
  templateId: string;
  recurrence: Recurrence;
  /** The organization's, as far as is known: `nextRunAt` is derived with it. An IANA name. */
  timeZone: string;
  period: string;
  compareTo: Comparison | null;
  /** Empty = all accounts. */
  clientIds: string[];
  currency: string | null;
  /** null = that of the branding. */
  language: Language | null;
  formats: Format[];
  deliveryMethod: 'ATTACHMENT' | 'LINK';
  onIncomplete: 'HOLD' | 'SEND_WITH_NOTE';
  isReviewed: boolean;
  /** null = an API key created it. */
  ownerId: string | null;
  /** null = it runs. */
  pauseReason: PauseReason | null;
  /** null while it is paused. */
  nextRunAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const ReportScheduleEntity = new EntitySchema<ReportSchedule>({
  name: 'ReportSchedule',
  tableName: 'report_schedule',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    name: { type: 'text' },
    templateId: { type: 'text', name: 'template_id' },
    recurrence: { type: 'jsonb' },
    timeZone: { type: 'text', name: 'time_zone' },
    period: { type: 'text' },
    compareTo: { type: 'text', name: 'compare_to', nullable: true },
    clientIds: { type: 'uuid', name: 'client_ids', array: true },
    currency: { type: 'text', nullable: true },
    language: { type: 'text', nullable: true },
    formats: { type: 'text', array: true },
    deliveryMethod: { type: 'text', name: 'delivery_method' },
    onIncomplete: { type: 'text', name: 'on_incomplete' },
    isReviewed: { type: 'boolean', name: 'is_reviewed' },
    ownerId: { type: 'uuid', name: 'owner_id', nullable: true },
    pauseReason: { type: 'text', name: 'pause_reason', nullable: true },
    nextRunAt: { type: 'timestamptz', name: 'next_run_at', nullable: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
