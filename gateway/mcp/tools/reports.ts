import { z } from 'zod';
import { page, reportId } from './arguments.js';
import { defineTool } from './tool.js';

const scopes = ['read:reports'] as const;

/** Tools about reports that were ordered. */
export const reportTools = [
  defineTool({
    name: 'list_reports',
    title: 'Reports',
    description: 'The reports of the organization, the newest first, with their status.',
    scopes,
    input: z.strictObject(page),
    operation: 'ListReports',
    answer: 'organization.reports',
    rows: 'data',
    asksProviders: false,
    variables: ({ limit, after }) => ({ first: limit, after }),
  }),
  defineTool({
    name: 'read_report',
    title: 'Rows of a report',
    description:
      'One report: its days, its columns, and its rows in order once it is READY; else its status and why it failed. An empty cell is no value, not zero.',
    scopes,
    input: z.strictObject({ reportId, ...page }),
    operation: 'ShowReport',
    answer: 'report',
    rows: 'rows.data',
    asksProviders: false,
    variables: ({ reportId: id, limit, after }) => ({ id, first: limit, after }),
  }),
];
