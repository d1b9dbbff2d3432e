import type { ListReportSchedulesQuery } from '#gateway/client/generated/types.js';

/** A schedule as `ListReportSchedules` answers it. */
export type Schedule = NonNullable<
  NonNullable<ListReportSchedulesQuery['organization']>['reportSchedules']
>['edges'][number]['node'];

/** Returns the addresses in a text: between them are commas, semicolons, spaces or lines. */
export const addressesIn = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);
