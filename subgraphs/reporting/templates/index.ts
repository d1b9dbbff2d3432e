import { accountSummary } from './account-summary.js';
import { campaignPerformance } from './campaign-performance.js';
import type { Template } from './template.js';

/** All report templates; each has a row in `report_template`, too. */
export const templates: Template[] = [campaignPerformance, accountSummary];
