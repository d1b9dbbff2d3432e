import type { MutationResolvers } from '#integrations/resolver-types.js';
import { acknowledgeAlert, muteAlert } from '#integrations/services/alerts/alert-list.js';
import { createAlertRule, deleteAlertRule, updateAlertRule } from '#integrations/services/alerts/alert-rules.js';
import { deleteAnnotation, updateAnnotation } from '#integrations/services/annotations/change-annotation.js';
import { createAnnotation } from '#integrations/services/annotations/create-annotation.js';
import { setBudget } from '#integrations/services/budgets/set-budget.js';
import { archiveClient, restoreClient } from '#integrations/services/clients/archive-client.js';
import { createClient } from '#integrations/services/clients/create-client.js';
import { deleteClient } from '#integrations/services/clients/delete-client.js';
import { updateClient } from '#integrations/services/clients/update-client.js';
import { authorizeConnection } from '#integrations/services/connect/authorize-connection.js';
import { beginReconnect } from '#integrations/services/connect/begin-reconnect.js';
import { completeConnection } from '#integrations/services/connect/complete-connection.js';
import { disconnect } from '#integrations/services/connect/disconnect.js';
import { receiveConsent } from '#integrations/services/connect/receive-consent.js';
import { checkConnection } from '#integrations/services/health/check-connection.js';
import { backfillHistory } from '#integrations/services/history/backfill-history.js';
import { cancelHistoryBackfill } from '#integrations/services/history/cancel-history-backfill.js';
import { refreshHistory, setRestatedDays } from '#integrations/services/history/refresh-history.js';
import { deleteSavedView, updateSavedView } from '#integrations/services/views/change-saved-view.js';
import { createSavedView } from '#integrations/services/views/create-saved-view.js';

export const Mutation: MutationResolvers = {
  authorizeConnection: (_root, args, context) => authorizeConnection(context, args),
  disconnect: async (_root, args, context) => ({ connection: await disconnect(context, args) }),
  checkConnection: async (_root, args, context) => ({ connection: await checkConnection(context, args) }),
  beginReconnect: (_root, args, context) => beginReconnect(context, args),
  createClient: async (_root, args, context) => ({ client: await createClient(context, args) }),
  updateClient: async (_root, args, context) => ({ client: await updateClient(context, args) }),
  archiveClient: async (_root, args, context) => ({ client: await archiveClient(context, args) }),
  restoreClient: async (_root, args, context) => ({ client: await restoreClient(context, args) }),
  deleteClient: async (_root, { clientId }, context) => {
    await deleteClient(context, { clientId });
    return { clientId };
  },
  createAlertRule: async (_root, args, context) => ({ rule: await createAlertRule(context, args) }),
  updateAlertRule: async (_root, args, context) => ({ rule: await updateAlertRule(context, args) }),
  deleteAlertRule: async (_root, { ruleId }, context) => {
    await deleteAlertRule(context, { ruleId });
    return { ruleId };
  },
  acknowledgeAlert: async (_root, args, context) => ({ alert: await acknowledgeAlert(context, args) }),
  muteAlert: async (_root, args, context) => ({ alert: await muteAlert(context, args) }),
  setBudget: async (_root, args, context) => ({ budgets: await setBudget(context, args) }),
  createAnnotation: async (_root, args, context) => ({ annotation: await createAnnotation(context, args) }),
  updateAnnotation: async (_root, args, context) => ({ annotation: await updateAnnotation(context, args) }),
  deleteAnnotation: async (_root, args, context) => ({ annotationId: await deleteAnnotation(context, args) }),
  createSavedView: async (_root, args, context) => ({ savedView: await createSavedView(context, args) }),
  updateSavedView: async (_root, args, context) => ({ savedView: await updateSavedView(context, args) }),
  deleteSavedView: async (_root, args, context) => ({ savedViewId: await deleteSavedView(context, args) }),
  backfillHistory: async (_root, args, context) => ({ account: await backfillHistory(context, args) }),
  refreshHistory: async (_root, args, context) => ({ account: await refreshHistory(context, args) }),
  setRestatedDays: async (_root, args, context) => ({ account: await setRestatedDays(context, args) }),
  cancelHistoryBackfill: async (_root, args, context) => ({ account: await cancelHistoryBackfill(context, args) }),
  completeConnection: async (_root, args, context) => ({ connection: await completeConnection(context, args) }),
  receiveConsent: (_root, args, context) => receiveConsent(context, args),
};
