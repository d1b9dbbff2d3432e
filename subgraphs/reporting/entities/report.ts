import { EntitySchema } from 'typeorm';
import type { Language, SectionSource } from '#reporting/dataset/dataset.js';
import type { Definition } from '#reporting/templates/definition.js';

/** An account that could not be read, with the name it had then. */
export interface UnavailableAccount {
  accountId: string;
  name: string;
  provider: string;
  /** A code of the API. */
  code: string;
  message: string;
}

/** Where the making of a report is: in the order they follow each other. */
export type ReportStep = 'READING' | 'SUMMARIZING' | 'STORING';

export type ReportStatus = 'QUEUED' | 'RUNNING' | 'WAITING' | 'READY' | 'FAILED' | 'CANCELLED' | 'EXPIRED';

/** What a report is compared with, where it is the graph that derives the days. */
export type Comparison = 'PREVIOUS_PERIOD' | 'PREVIOUS_YEAR';

/** An ordered report, with a snapshot of its template. It has a dataset once it is READY. */
export interface Report {
  id: string;
  organizationId: string;
  /** Of a built-in template, or the id of a row of `report_template`. */
  templateId: string;
  templateName: string;
  templateVersion: number;
  definition: Definition;
  title: string;
  /** The word it was ordered with; null when days were. */
  period: string | null;
  /** Calendar days, both included. */
  rangeStart: string;
  rangeEnd: string;
  /** How the graph derives the compared days; null when they are given, or there are none. */
  compareTo: Comparison | null;
  /** The days it is compared with; null without a comparison. */
  comparedStart: string | null;
  comparedEnd: string | null;
  /** ISO 4217 code that amounts are converted into; null = each stays in its own. */
  currency: string | null;
  language: Language;
  /** That of the organization when it was ordered, an IANA name. */
  timeZone: string;
  /** Empty = all accounts. */
  clientIds: string[];
  /** What to do about an account that cannot be read. */
  onUnavailable: 'FAIL' | 'LEAVE_OUT';
  /** The accounts it leaves out, or that made it fail. */
  unavailableAccounts: UnavailableAccount[];
  /** The person who ordered it. */
  createdBy: string | null;
  /** The API key that ordered it. */
  orderedByKey: string | null;
  /** The schedule that ordered it. */
  scheduleId: string | null;
  /** Of the orderer: the same key orders one report. */
  orderKey: string | null;
  /** SHA-256 of what was ordered with the key. */
  orderHash: string | null;
  status: ReportStatus;
  progress: number;
  /** null unless RUNNING. */
  step: ReportStep | null;
  /** The index of the section that is being read. */
  stepSection: number | null;
  /** Why it is WAITING: a code of the API, and a sentence. */
  waitingCode: string | null;
  waitingMessage: string | null;
  /** Since when it could not be made without waiting. */
  waitingSince: Date | null;
  /** When it is tried again. */
  retryAt: Date | null;
  /** How many of its attempts ended in waiting. */
  waits: number;
  failureCode: string | null;
  failureMessage: string | null;
  /** How complete the figures of each account are, the worst over all sections. */
  sources: SectionSource[];
  rowCount: number | null;
  /** The number of claims; a worker whose number is outdated has lost its claim. */
  attempts: number;
  /** Since when it is QUEUED. */
  queuedAt: Date;
  /** The worker's last sign of life. */
  claimedAt: Date | null;
  createdAt: Date;
  finishedAt: Date | null;
}

export const ReportEntity = new EntitySchema<Report>({
  name: 'Report',
  tableName: 'report',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    templateId: { type: 'text', name: 'template_id' },
    templateName: { type: 'text', name: 'template_name' },
    templateVersion: { type: 'integer', name: 'template_version' },
    definition: { type: 'jsonb' },
    title: { type: 'text' },
    period: { type: 'text', nullable: true },
    rangeStart: { type: 'date', name: 'range_start' },
    rangeEnd: { type: 'date', name: 'range_end' },
    compareTo: { type: 'text', name: 'compare_to', nullable: true },
    comparedStart: { type: 'date', name: 'compared_start', nullable: true },
    comparedEnd: { type: 'date', name: 'compared_end', nullable: true },
    currency: { type: 'text', nullable: true },
    language: { type: 'text' },
    timeZone: { type: 'text', name: 'time_zone' },
    clientIds: { type: 'uuid', name: 'client_ids', array: true },
    onUnavailable: { type: 'text', name: 'on_unavailable' },
    unavailableAccounts: { type: 'jsonb', name: 'unavailable_accounts' },
    createdBy: { type: 'uuid', name: 'created_by', nullable: true },
    orderedByKey: { type: 'uuid', name: 'ordered_by_key', nullable: true },
    scheduleId: { type: 'uuid', name: 'schedule_id', nullable: true },
    orderKey: { type: 'text', name: 'order_key', nullable: true },
    orderHash: { type: 'text', name: 'order_hash', nullable: true },
    status: { type: 'text' },
    progress: { type: 'integer' },
    step: { type: 'text', nullable: true },
    stepSection: { type: 'integer', name: 'step_section', nullable: true },
    waitingCode: { type: 'text', name: 'waiting_code', nullable: true },
    waitingMessage: { type: 'text', name: 'waiting_message', nullable: true },
    waitingSince: { type: 'timestamptz', name: 'waiting_since', nullable: true },
    retryAt: { type: 'timestamptz', name: 'retry_at', nullable: true },
    waits: { type: 'integer' },
    failureCode: { type: 'text', name: 'failure_code', nullable: true },
    failureMessage: { type: 'text', name: 'failure_message', nullable: true },
    sources: { type: 'jsonb' },
    rowCount: { type: 'integer', name: 'row_count', nullable: true },
    attempts: { type: 'integer' },
    queuedAt: { type: 'timestamptz', name: 'queued_at' },
    claimedAt: { type: 'timestamptz', name: 'claimed_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    finishedAt: { type: 'timestamptz', name: 'finished_at', nullable: true },
  },
});
