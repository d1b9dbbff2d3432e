import { existing } from '#integrations/loaders/own-row-by-id.js';
import type { QueryResolvers } from '#integrations/resolver-types.js';
import { getAccount } from '#integrations/services/accounts/get-account.js';
import { getCampaign } from '#integrations/services/campaigns/get-campaign.js';
import { getReceivedConsent } from '#integrations/services/connect/receive-consent.js';
import { getSavedView } from '#integrations/services/views/visible-views.js';

export const Query: QueryResolvers = {
  providers: (_root, _args, { providers }) => providers.all,
  connection: async (_root, { id }, { connectionById }) => existing(await connectionById.load(id), 'connection'),
  account: (_root, args, context) => getAccount(context, args),
  campaign: (_root, args, context) => getCampaign(context, args),
  savedView: (_root, args, context) => getSavedView(context, args),
  client: async (_root, { id }, { clientById }) => existing(await clientById.load(id), 'client'),
  receivedConsent: (_root, args, context) => getReceivedConsent(context, args),
};
