import { accountSummary } from './account-summary.js';
import { campaignPerformance } from './campaign-performance.js';
import type { Template } from './template.js';

/** All report templates. A new one is a file, a line in this list and a row in `report_template`. */
export const templates: Template[] = [campaignPerformance, accountSummary];
