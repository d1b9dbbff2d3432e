import type DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import type { Report } from './entities/report.js';
import type { ReportTemplate } from './entities/report-template.js';
import { reportById } from './loaders/report-by-id.js';
import { reportTemplateById } from './loaders/report-template-by-id.js';

/** What one operation carries. */
export interface Context {
  identity: Identity;
  services: Services;
  database: DataSource;
  reportById: DataLoader<string, Report | null>;
  reportTemplateById: DataLoader<string, ReportTemplate | null>;
}

export function createContext(services: Services, database: DataSource, identity: Identity): Context {
  return {
    identity,
    services,
    database,
    reportById: reportById(database, identity.organizationId),
    reportTemplateById: reportTemplateById(database),
  };
}
