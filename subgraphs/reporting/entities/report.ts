import { EntitySchema } from 'typeorm';

/** An account that could not be read, with the name it had then. */
export interface UnavailableAccount {
  accountId: string;
  name: string;
  provider: string;
  /** A code of the API. */
  code: string;
  message: string;
}

/** An ordered report. It has rows once it is READY. */
export interface Report {
  id: string;
  organizationId: string;
  templateId: string;
  title: string;
  /** Calendar days, both included. */
  rangeStart: string;
  rangeEnd: string;
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
  status: 'QUEUED' | 'RUNNING' | 'READY' | 'FAILED';
  progress: number;
  failureCode: string | null;
  failureMessage: string | null;
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
    title: { type: 'text' },
    rangeStart: { type: 'date', name: 'range_start' },
    rangeEnd: { type: 'date', name: 'range_end' },
    clientIds: { type: 'uuid', name: 'client_ids', array: true },
    onUnavailable: { type: 'text', name: 'on_unavailable' },
    unavailableAccounts: { type: 'jsonb', name: 'unavailable_accounts' },
    createdBy: { type: 'uuid', name: 'created_by', nullable: true },
    orderedByKey: { type: 'uuid', name: 'ordered_by_key', nullable: true },
    status: { type: 'text' },
    progress: { type: 'integer' },
    failureCode: { type: 'text', name: 'failure_code', nullable: true },
    failureMessage: { type: 'text', name: 'failure_message', nullable: true },
    rowCount: { type: 'integer', name: 'row_count', nullable: true },
    attempts: { type: 'integer' },
    queuedAt: { type: 'timestamptz', name: 'queued_at' },
    claimedAt: { type: 'timestamptz', name: 'claimed_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    finishedAt: { type: 'timestamptz', name: 'finished_at', nullable: true },
  },
});
