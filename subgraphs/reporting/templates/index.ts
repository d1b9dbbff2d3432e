import { accountSummary } from './account-summary.js';
import { campaignPerformance } from './campaign-performance.js';
import type { Template } from './template.js';

/** Every kind of report. A new one is a file here, its line in this list and a row in `report_template`. */
export const templates: Template[] = [campaignPerformance, accountSummary];
