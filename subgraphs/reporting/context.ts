import { randomUUID } from 'node:crypto';
import type DataLoader from 'dataloader';
import { once } from 'es-toolkit/function';
import type { DataSource } from 'typeorm';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import type { StoredDataset } from './dataset/open-dataset.js';
import type { Report } from './entities/report.js';
import type { ReportShare } from './entities/report-share.js';
import { datasetById, reportById, reportTemplateById } from './loaders.js';
import { reportsByDay } from './plan/reports-by-day.js';
import { type PlanPauses, planPauses } from './plan/schedules-in-use.js';
import { shareById, sharesByReport } from './shares/share-loaders.js';
import type { ReportTemplate } from './templates/report-template.js';

/** What services work with, and on whose behalf. */
export interface ServiceContext {
  identity: Identity;
  services: Services;
  database: DataSource;
}

/** What one GraphQL operation works with. */
export interface Context extends ServiceContext {
  reportById: DataLoader<string, Report | null>;
  reportTemplateById: DataLoader<string, ReportTemplate | null>;
  shareById: DataLoader<string, ReportShare | null>;
  sharesByReport: DataLoader<string, ReportShare[]>;
  /** By report; of reports the caller sees only. */
  datasetById: DataLoader<string, StoredDataset | null>;
  /** How many were ordered on a day (UTC) in the identity's organization, and have not failed. */
  reportsByDay: DataLoader<string, number>;
  /** Of the identity's organization, read once. */
  planPauses(): Promise<PlanPauses>;
}

/** Returns the context of one GraphQL operation of this identity. */
export function createContext(services: Services, database: DataSource, identity: Identity): Context {
  const reports = reportById(database, identity);
  return {
    identity,
    services,
    database,
    reportById: reports,
    reportTemplateById: reportTemplateById(database, identity),
    shareById: shareById({ database, identity }, reports),
    sharesByReport: sharesByReport(database),
    datasetById: datasetById(database),
    reportsByDay: reportsByDay(database, identity.organizationId),
    planPauses: once(async () => {
      const { organizationId } = identity;
      if (!organizationId) throw new NotFound('organization');
      return planPauses({ services, database }, { organizationId });
    }),
  };
}

export type JobDependencies = Pick<ServiceContext, 'services' | 'database'>;

/** Returns the context of a job run, on behalf of WebMetrics itself. */
export function jobContext({ services, database }: JobDependencies): ServiceContext {
  return { identity: { kind: 'service', scopes: [], requestId: randomUUID() }, services, database };
}
