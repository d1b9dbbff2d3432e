import { randomUUID } from 'node:crypto';
import type { Identity } from '#runtime/identity/identity.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import type { Context } from './context.js';
import type { Dependencies } from './dependencies.js';
import { AccountEntity } from './entities/account.js';
import { ClientEntity } from './entities/client.js';
import { ConnectionEntity } from './entities/connection.js';
import { accountsByDay } from './loaders/accounts-by-day.js';
import { accountsByClient, accountsByConnection } from './loaders/accounts-loaders.js';
import { answerLoader } from './loaders/answer-loader.js';
import { historyByAccount } from './loaders/history-by-account.js';
import { historyLoaders } from './loaders/history-loaders.js';
import { ownRowById } from './loaders/own-row-by-id.js';
import { PendingAnswers } from './loaders/pending-answers.js';
import { visibleTo } from './loaders/visible-accounts.js';
import { campaignFigures } from './services/campaigns/campaign-figures.js';
import { CheckedRanges } from './services/campaigns/check-range.js';
import { PlanBounds } from './services/plan/plan-bounds.js';

/** Returns a context whose loaders read the caller's organization only, and of it what the caller sees. */
export function createContext(dependencies: Dependencies, identity: Identity): Context {
  const { database, laggingReads, services } = dependencies;
  const { organizationId } = identity;
  const visible = visibleTo(database, identity);
  const plan = new PlanBounds(dependencies);
  const context: Context = {
    ...dependencies,
    identity,
    visible,
    plan,
    connectionById: ownRowById(ConnectionEntity, database, organizationId),
    accountById: ownRowById(AccountEntity, database, organizationId, (rows) => visible.pick(rows, ({ id }) => id)),
    clientById: ownRowById(ClientEntity, database, organizationId, async (rows) =>
      rows.filter(({ id }) => !visible.clientIds || visible.clientIds.includes(id)),
    ),
    accountsByConnection: accountsByConnection(database, organizationId, visible),
    accountsByClient: accountsByClient(database, organizationId, visible),
    accountsByDay: accountsByDay(database, organizationId, services.now),
    historyByAccount: historyByAccount(
      database,
      organizationId,
      services.now,
      (providerId) => dependencies.providers.find(providerId)?.history?.lagDays ?? 0,
    ),
    history: historyLoaders({
      database: laggingReads,
      organizationId,
      remembered: dependencies.remembered,
      now: services.now,
      isAsked: async (account) => (await plan.refusalOfAccount(account)) === null,
    }),
    pendingAnswers: new PendingAnswers(),
    usage: { rowsRead: 0 },
    loadAnswer: (question) => load(question),
    checkedRanges: new CheckedRanges(services),
    campaignFigures: campaignFigures(() => context),
  };
  const load = answerLoader(context);
  return context;
}

/** Returns the context of a job run, which acts as a service. */
export function createJobContext(dependencies: Dependencies, organizationId?: string): Context {
  const requestId = currentRequestContext()?.requestId ?? randomUUID();
  return createContext(dependencies, {
    kind: 'service',
    scopes: [],
    requestId,
    ...(organizationId && { organizationId }),
  });
}
