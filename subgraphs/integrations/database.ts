import { openDatabase } from '#runtime/database/database.js';
import type { Services } from '#runtime/services.js';
import { AccountEntity } from './entities/account.js';
import { AccountAccessEntity } from './entities/account-access.js';
import { AccountHistoryEntity } from './entities/account-history.js';
import { AlertEntity } from './entities/alert.js';
import { AlertRuleEntity } from './entities/alert-rule.js';
import { AnnotationEntity } from './entities/annotation.js';
import { BudgetEntity } from './entities/budget.js';
import { ClientEntity } from './entities/client.js';
import { ClientAccountEntity } from './entities/client-account.js';
import { ConnectionEntity } from './entities/connection.js';
import { PendingConsentEntity } from './entities/pending-consent.js';
import { SavedViewEntity } from './entities/saved-view.js';
import { Connections1764000000002 } from './migrations/0001-connections.js';
import { MoreProviders1764200000001 } from './migrations/0002-more-providers.js';
import { ConnectionHealth1764300000301 } from './migrations/0003-connection-health.js';
import { History1764300000401 } from './migrations/0004-history.js';
import { PendingConsents1764400000501 } from './migrations/0005-pending-consents.js';
import { InactiveFault1764400000601 } from './migrations/0006-inactive-fault.js';
import { FiguresOfAnySize1764400000801 } from './migrations/0008-figures-of-any-size.js';
import { RestatedDays1764400000901 } from './migrations/0009-restated-days.js';
import { Actions1764400001001 } from './migrations/0010-actions.js';
import { ConsentsInCompletion1764500001101 } from './migrations/0011-consents-in-completion.js';
import { KeysByOrganization1764500001201 } from './migrations/0012-keys-by-organization.js';
import { CampaignTypes1764500001301 } from './migrations/0013-campaign-types.js';
import { ReferenceRates1764500001501 } from './migrations/0015-reference-rates.js';
import { KindsOfDays1764500001601 } from './migrations/0016-kinds-of-days.js';
import { SearchAndAnalyticsDays1764500001701 } from './migrations/0017-search-and-analytics-days.js';
import { PlacesAndPosts1764500001801 } from './migrations/0018-places-and-posts.js';
import { CampaignBudgets1764600002001 } from './migrations/0020-campaign-budgets.js';
import { BudgetsAndAlerts1764600002101 } from './migrations/0021-budgets-and-alerts.js';
import { ArchivedClients1764600002301 } from './migrations/0023-archived-clients.js';
import { AnnotationsAndViews1764600002401 } from './migrations/0024-annotations-and-views.js';
import { AccountAge1764600002501 } from './migrations/0025-account-age.js';
import { AccountDays1764600002601 } from './migrations/0026-account-days.js';
import { HistoryVersion1764600002701 } from './migrations/0027-history-version.js';
import { FoundByPerson1764600002801 } from './migrations/0028-found-by-person.js';
import { TrimmedRows1764600002901 } from './migrations/0029-trimmed-rows.js';

export const migrations = [
  Connections1764000000002,
  MoreProviders1764200000001,
  ConnectionHealth1764300000301,
  History1764300000401,
  PendingConsents1764400000501,
  InactiveFault1764400000601,
  FiguresOfAnySize1764400000801,
  RestatedDays1764400000901,
  Actions1764400001001,
  ConsentsInCompletion1764500001101,
  KeysByOrganization1764500001201,
  CampaignTypes1764500001301,
  ReferenceRates1764500001501,
  KindsOfDays1764500001601,
  SearchAndAnalyticsDays1764500001701,
  PlacesAndPosts1764500001801,
  CampaignBudgets1764600002001,
  BudgetsAndAlerts1764600002101,
  ArchivedClients1764600002301,
  AnnotationsAndViews1764600002401,
  AccountAge1764600002501,
  AccountDays1764600002601,
  HistoryVersion1764600002701,
  FoundByPerson1764600002801,
  TrimmedRows1764600002901,
];

/** Opens and migrates the schema `integrations`. */
export function openIntegrationsDatabase(services: Services) {
  return openDatabase(services, {
    schema: 'integrations',
    entities: [
      ConnectionEntity,
      AccountEntity,
      AccountAccessEntity,
      ClientEntity,
      ClientAccountEntity,
      AccountHistoryEntity,
      PendingConsentEntity,
      BudgetEntity,
      AlertRuleEntity,
      AlertEntity,
      AnnotationEntity,
      SavedViewEntity,
    ],
    migrations,
  });
}
