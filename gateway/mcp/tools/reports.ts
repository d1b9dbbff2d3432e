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
    title: 'A report',
    description:
      'One report: its days, its summary, and its sections with their columns and totals once it is READY; else its status, what it waits for, or why it failed. read_report_rows has the rows of a section. A null cell is no value, not zero.',
    scopes,
    input: z.strictObject({ reportId }),
    operation: 'ShowReport',
    answer: 'report',
    rows: 'sections',
    asksProviders: false,
    variables: ({ reportId: id }) => ({ id }),
  }),
  defineTool({
    name: 'read_report_rows',
    title: 'Rows of a report',
    description:
      'The rows of one section of a report that is READY, in order: cells in the order of the columns that read_report names. A null cell is no value, not zero.',
    scopes,
    input: z.strictObject({
      reportId,
      section: z.string().max(100).describe('The key of a section, from read_report.'),
      ...page,
    }),
    operation: 'ListReportRows',
    answer: 'report.rows',
    rows: 'data',
    asksProviders: false,
    variables: ({ reportId: id, section, limit, after }) => ({ id, section, first: limit, after }),
  }),
];
