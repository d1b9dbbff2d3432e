import type { ReportFormat } from '#gateway/client/generated/types.js';

/** The files of a report, by the names that people know them by. */
export const formatOptions: readonly { value: ReportFormat; label: string }[] = [
  { value: 'PDF', label: 'PDF' },
  { value: 'XLSX', label: 'Excel (XLSX)' },
  { value: 'CSV', label: 'CSV' },
];
