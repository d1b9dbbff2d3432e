import { analyticsTools } from './analytics.js';
import { billingTools } from './billing.js';
import { budgetTools } from './budgets.js';
import { campaignTools } from './campaigns.js';
import { connectionTools } from './connections.js';
import { performanceTools } from './performance.js';
import { placeAndPostTools } from './places-and-posts.js';
import { reportTools } from './reports.js';
import type { Tool } from './tool.js';

/** Every tool. All of them only read. */
export const tools: readonly Tool[] = [
  ...connectionTools,
  ...campaignTools,
  ...performanceTools,
  ...budgetTools,
  ...analyticsTools,
  ...placeAndPostTools,
  ...reportTools,
  ...billingTools,
];
