import { expect, it } from '@jest/globals';
import { type SubgraphName, subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';

/** The mutations open while an organization can only read, by the reason. */
const open: Record<string, string> = {
  'it signs in or out, and belongs to the person':
    'signUp completeSignUp logIn completeLogIn refreshSession logOut endSession endOtherSessions logOutEverywhere switchOrganization',
  'it secures or moves the account of a person':
    'startTwoFactor confirmTwoFactor disableTwoFactor regenerateRecoveryCodes resetTwoFactor requireTwoFactor verifyEmail ' +
    'resendVerification requestPasswordReset resetPassword changePassword changeEmail confirmEmailChange stopEmailChange',
  'it concerns another organization, whose plan is checked there':
    'createOrganization acceptInvitation declineMail confirmReportRecipient declineReports',
  'it deletes the organization or the account, or exports its data':
    'deleteOrganization cancelOrganizationDeletion deleteAccount exportMyData',
  'it removes people, or hands the organization over':
    'leaveOrganization removeMember revokeInvitation transferOwnership removeReportRecipient',
  'it buys, or says who may':
    'startCheckout openBillingPortal changePlan cancelSubscription resumeSubscription pauseSubscription applyPromotionCode setMemberRights',
  'it chooses what a smaller plan keeps': 'keepWithinPlan',
  'it ends or replaces a secret that may be known': 'revokeApiKey rotateApiKey rotateWebhookSecret revokeReportShare',
  'it records what was read': 'recordToolCall',
  'it removes what there is':
    'disconnect deleteAlertRule archiveClient deleteClient deleteAnnotation deleteSavedView deleteReport ' +
    'deleteReportTemplate deleteReportSchedule deleteWebhookEndpoint removeBranding removeLogo',
  'it stops what would be done':
    'cancelHistoryBackfill cancelReport pauseReportSchedule skipNextReportRun rejectReportDelivery ' +
    'disableWebhookEndpoint cancelWebhookDelivery',
};

/** Every other mutation of users and API keys. */
const gated: Record<SubgraphName, string> = {
  auth:
    'inviteMember resendInvitation changeMemberRole limitMember liftMemberLimit updateOrganization createApiKey createWebhookEndpoint ' +
    'updateWebhookEndpoint enableWebhookEndpoint sendTestWebhook replayWebhookDelivery replayFailedWebhooks',
  integrations:
    'authorizeConnection completeConnection checkConnection setBudget createAlertRule updateAlertRule acknowledgeAlert muteAlert ' +
    'createClient updateClient restoreClient createAnnotation updateAnnotation createSavedView updateSavedView backfillHistory ' +
    'refreshHistory setRestatedDays',
  reporting:
    'generateReport retryReport createReportTemplate updateReportTemplate createReportShare setReportSummary setBranding uploadLogo ' +
    'createReportSchedule updateReportSchedule resumeReportSchedule runReportScheduleNow approveReportDelivery addReportRecipient',
  billing: '',
};

const listed = (texts: Iterable<string>) => [...texts].flatMap((text) => text.split(' ').filter(Boolean)).sort();

it('each mutation is refused while an organization can only read, or is open for a reason', async () => {
  const found: Record<'open' | 'gated', string[]> = { open: [], gated: [] };
  for (const name of subgraphNames) {
    const { Mutation = {} } = (await subgraphs[name]()).permissions;
    for (const [field, { needs }] of Object.entries(Mutation)) {
      if (needs.who !== 'service') found[needs.isForReadOnly ? 'open' : 'gated'].push(field);
    }
  }
  expect(found.open.sort()).toEqual(listed(Object.values(open)));
  expect(found.gated.sort()).toEqual(listed(Object.values(gated)));
});
