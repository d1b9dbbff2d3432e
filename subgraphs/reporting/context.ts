import type DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import type { Identity } from '#runtime/identity/identity.js';
import type { Runtime } from '#runtime/runtime.js';
import type { Report } from './entities/report.js';
import type { ReportTemplate } from './entities/report-template.js';
import { reportById } from './loaders/report-by-id.js';
import { reportTemplateById } from './loaders/report-template-by-id.js';

/** What one operation carries. */
export interface Context {
  identity: Identity;
  runtime: Runtime;
  database: DataSource;
  reportById: DataLoader<string, Report | null>;
  reportTemplateById: DataLoader<string, ReportTemplate | null>;
}

export function createContext(runtime: Runtime, database: DataSource, identity: Identity): Context {
  return {
    identity,
    runtime,
    database,
    reportById: reportById(database, identity.organizationId),
    reportTemplateById: reportTemplateById(database),
  };
}
