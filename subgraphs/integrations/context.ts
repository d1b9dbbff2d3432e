import type DataLoader from 'dataloader';
import type { OperationUsage } from '#kit/executor.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Dependencies } from './dependencies.js';
import type { Account } from './entities/account.js';
import type { Client } from './entities/client.js';
import type { Connection } from './entities/connection.js';
import type { AccountHistoryProgress } from './loaders/history-by-account.js';
import type { HistoryLoaders } from './loaders/history-loaders.js';
import type { PendingAnswers } from './loaders/pending-answers.js';
import type { Visible } from './loaders/visible-accounts.js';
import type { AnswerLoader } from './services/ask/question.js';
import type { CheckedRanges } from './services/campaigns/check-range.js';
import type { CampaignFigures } from './services/campaigns/found-figures.js';
import type { PlanBounds } from './services/plan/plan-bounds.js';

/** The context of one operation or job run: the first argument of services. */
export interface Context extends Dependencies {
  identity: Identity;
  /** What the caller sees; whatever is read by organization is limited by it. */
  visible: Visible;
  plan: PlanBounds;
  connectionById: DataLoader<string, Connection | null>;
  accountById: DataLoader<string, Account | null>;
  clientById: DataLoader<string, Client | null>;
  accountsByConnection: DataLoader<string, Account[]>;
  accountsByClient: DataLoader<string, Account[]>;
  /** The most in use on a day (UTC). */
  accountsByDay: DataLoader<string, number>;
  historyByAccount: DataLoader<string, AccountHistoryProgress | null>;
  loadAnswer: AnswerLoader;
  history: HistoryLoaders;
  pendingAnswers: PendingAnswers;
  /** Counted as the cost of the operation. */
  usage: OperationUsage;
  checkedRanges: CheckedRanges;
  campaignFigures: CampaignFigures;
}
