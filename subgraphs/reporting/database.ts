import { openDatabase } from '#runtime/database/database.js';
import type { Services } from '#runtime/services.js';
import { BrandingEntity, BrandingLogoEntity } from './entities/branding.js';
import { ReportEntity } from './entities/report.js';
import { ReportChunkEntity, ReportDatasetEntity } from './entities/report-dataset.js';
import { ReportDeliveryEntity, ReportDeliveryRecipientEntity } from './entities/report-delivery.js';
import { ReportRecipientEntity } from './entities/report-recipient.js';
import { ReportScheduleEntity } from './entities/report-schedule.js';
import { ReportShareEntity } from './entities/report-share.js';
import { CustomTemplateEntity } from './entities/report-template.js';
import { SummarySettingsEntity } from './entities/summary-settings.js';
import { Reports1764000000001 } from './migrations/0001-reports.js';
import { OrderedByKey1764100000021 } from './migrations/0002-ordered-by-key.js';
import { UnavailableAccounts1764200000821 } from './migrations/0003-unavailable-accounts.js';
import { ReportDefinitions1764300000001 } from './migrations/0004-report-definitions.js';
import { WaitingReports1764300000005 } from './migrations/0005-waiting-reports.js';
import { Datasets1764700000701 } from './migrations/0007-datasets.js';
import { ReportSchedules1764700001001 } from './migrations/0010-report-schedules.js';
import { Branding1764700001301 } from './migrations/0013-branding.js';
import { ReportShares1764700001401 } from './migrations/0014-report-shares.js';
import { SummarySettings1764700001501 } from './migrations/0015-summary-settings.js';
import { ReportOrders1764700001601 } from './migrations/0016-report-orders.js';
import { ReportOverage1764700001701 } from './migrations/0017-report-overage.js';
import { FoundByPerson1764700001901 } from './migrations/0019-found-by-person.js';
import { ExpiredReports1764700002001 } from './migrations/0020-expired-reports.js';
import { ValidatedStatus1764700002101 } from './migrations/0021-validated-status.js';

/** Oldest first. */
export const migrations = [
  Reports1764000000001,
  OrderedByKey1764100000021,
  UnavailableAccounts1764200000821,
  ReportDefinitions1764300000001,
  WaitingReports1764300000005,
  Datasets1764700000701,
  ReportSchedules1764700001001,
  Branding1764700001301,
  ReportShares1764700001401,
  SummarySettings1764700001501,
  ReportOrders1764700001601,
  ReportOverage1764700001701,
  FoundByPerson1764700001901,
  ExpiredReports1764700002001,
  ValidatedStatus1764700002101,
];

/** Opens the schema `reporting`, migrated. */
export function openReportingDatabase(services: Services) {
  return openDatabase(services, {
    schema: 'reporting',
    entities: [
      CustomTemplateEntity,
      ReportEntity,
      ReportDatasetEntity,
      ReportChunkEntity,
      ReportScheduleEntity,
      ReportRecipientEntity,
      ReportDeliveryEntity,
      ReportDeliveryRecipientEntity,
      BrandingEntity,
      BrandingLogoEntity,
      ReportShareEntity,
      SummarySettingsEntity,
    ],
    migrations,
  });
}
