import { type JobDependencies, jobContext } from '#reporting/context.js';
import { expireReports } from '#reporting/services/expire-reports.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Deletes the rows of reports that are kept no longer (`REPORT_KEEP_MONTHS`), every night. */
export function expireReportsJob(dependencies: JobDependencies): JobDefinition {
  return {
    name: 'reporting.expire-reports',
    schedule: '20 4 * * *',
    run: async (_data, { signal }) => {
      const { config, logger } = dependencies.services;
      const { reportKeepMonths: keepMonths } = config;
      const count = await expireReports(jobContext(dependencies), { keepMonths, signal });
      if (count > 0) logger.info({ count, keepMonths }, 'Reports have expired');
    },
  };
}
