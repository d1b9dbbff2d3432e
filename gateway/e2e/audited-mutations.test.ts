import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';
import { projectRoot } from '#runtime/process/project-root.js';
import { schemaFile } from '#schema/type-definitions.js';

/** The audit actions of a mutation, or why it has none. */
type Audited = readonly string[] | { none: string };

/** Every mutation of the supergraph, also those only the gateway calls. */
const auditedMutations: Record<string, Audited> = {
  // Accounts and sessions
  signUp: ['account.created', 'session.started'],
  completeSignUp: ['account.created', 'session.started'],
  logIn: ['session.started', 'session.refused'],
  refreshSession: { none: 'it continues a session; a reused token ends it, which is `session.ended`' },
  logOut: ['session.ended'],
  verifyEmail: ['email.verified'],
  resendVerification: { none: 'it changes nothing: the mail stands in the outbox' },
  requestPasswordReset: { none: 'it needs no session; using the link is `password.reset`' },
  resetPassword: ['password.reset'],
  changePassword: ['password.changed'],
  changeEmail: ['email.change-asked'],
  deleteAccount: ['account.deleted'],
  confirmEmailChange: ['email.changed'],
  stopEmailChange: ['email.change-stopped'],
  declineMail: ['invitation.declined'],
  endSession: ['session.ended'],
  endOtherSessions: ['session.ended'],
  logOutEverywhere: ['session.ended'],

  // Two-factor sign-in
  completeLogIn: ['session.started', 'two-factor.recovery-code-used', 'two-factor.refused'],
  startTwoFactor: { none: 'it counts for nothing until it is confirmed' },
  confirmTwoFactor: ['two-factor.enabled', 'two-factor.refused'],
  disableTwoFactor: ['two-factor.disabled', 'two-factor.refused'],
  regenerateRecoveryCodes: ['two-factor.recovery-codes-replaced', 'two-factor.refused'],
  resetTwoFactor: ['two-factor.reset'],
  requireTwoFactor: ['two-factor.demanded', 'two-factor.left-free'],
  recordOperatorAction: { none: 'it records the others' },
  recordToolCall: ['tool.called'],
  recordUsage: { none: 'it counts requests: no person did it' },
  receiveStripeEvent: { none: 'it stores what Stripe says: Stripe has its own record of who did it' },
  registerStripeEndpoint: { none: 'it is for the simulated Stripe: no person did it' },

  // Organizations and their members
  createOrganization: ['organization.created'],
  updateOrganization: ['organization.updated'],
  switchOrganization: ['session.started'],
  inviteMember: ['member.invited'],
  resendInvitation: ['invitation.resent'],
  revokeInvitation: ['invitation.revoked'],
  acceptInvitation: ['invitation.accepted'],
  changeMemberRole: ['role.changed'],
  limitMember: ['member.limited'],
  liftMemberLimit: ['member.limit-lifted'],
  setMemberRights: ['member.rights-set'],
  removeMember: ['member.removed'],
  leaveOrganization: ['member.left'],
  transferOwnership: ['ownership.transferred'],
  deleteOrganization: ['organization.deletion-requested'],
  cancelOrganizationDeletion: ['organization.deletion-cancelled'],
  exportMyData: ['personal-data.exported'],

  keepWithinPlan: ['plan.kept'],

  // API keys
  createApiKey: ['api-key.created'],
  rotateApiKey: ['api-key.rotated'],
  revokeApiKey: ['api-key.revoked'],

  // Webhooks
  createWebhookEndpoint: ['webhook.created'],
  updateWebhookEndpoint: ['webhook.updated'],
  deleteWebhookEndpoint: ['webhook.deleted'],
  enableWebhookEndpoint: ['webhook.enabled'],
  disableWebhookEndpoint: ['webhook.disabled'],
  rotateWebhookSecret: ['webhook.secret-rotated'],
  sendTestWebhook: ['webhook-delivery.tested'],
  replayWebhookDelivery: ['webhook-delivery.replayed'],
  replayFailedWebhooks: ['webhook-delivery.all-replayed'],
  cancelWebhookDelivery: ['webhook-delivery.cancelled'],

  // Providers and clients
  authorizeConnection: { none: 'it sends a person to a provider: what comes of it is `completeConnection`' },
  receiveConsent: { none: 'it keeps a code for `completeConnection`' },
  confirmMember: { none: 'it checks a password for the page of `completeConnection`' },
  completeConnection: ['connection.connected'],
  disconnect: ['connection.disconnected'],
  checkConnection: { none: 'it only looks; a consent that turns out to be gone is `connection.reconnect-required`' },
  beginReconnect: { none: 'it sends a person to a provider: what comes of it is `completeConnection`' },
  backfillHistory: ['history.ordered'],
  cancelHistoryBackfill: ['history.cancelled'],
  refreshHistory: ['history.refreshed'],
  setRestatedDays: ['history.restated-days-set'],
  createAlertRule: ['alert-rule.created'],
  updateAlertRule: ['alert-rule.updated'],
  deleteAlertRule: ['alert-rule.deleted'],
  acknowledgeAlert: ['alert.acknowledged'],
  muteAlert: ['alert.muted'],
  setBudget: ['budget.set', 'budget.removed'],
  createClient: ['client.created'],
  createAnnotation: ['annotation.created'],
  updateAnnotation: ['annotation.updated'],
  deleteAnnotation: ['annotation.deleted'],
  createSavedView: ['saved-view.created'],
  updateSavedView: ['saved-view.updated'],
  deleteSavedView: ['saved-view.deleted'],
  updateClient: ['client.updated'],
  archiveClient: ['client.archived'],
  restoreClient: ['client.restored'],
  deleteClient: ['client.deleted'],

  // Billing
  startCheckout: ['checkout.started'],
  openBillingPortal: ['billing-portal.opened'],
  changePlan: ['subscription.plan-changed'],
  cancelSubscription: ['subscription.cancelled'],
  resumeSubscription: ['subscription.resumed'],
  pauseSubscription: ['subscription.paused'],
  applyPromotionCode: ['subscription.discounted'],

  // Reports
  generateReport: ['report.ordered'],
  cancelReport: ['report.cancelled'],
  retryReport: ['report.retried'],
  deleteReport: ['report.deleted'],
  createReportTemplate: ['report-template.created'],
  updateReportTemplate: ['report-template.updated'],
  deleteReportTemplate: ['report-template.deleted'],
  setBranding: ['branding.updated'],
  removeBranding: ['branding.removed'],
  uploadLogo: ['logo.uploaded'],
  removeLogo: ['logo.removed'],
  createReportShare: ['report-share.created'],
  revokeReportShare: ['report-share.revoked'],
  setReportSummary: ['report-summary.changed'],
  viewSharedReport: ['report-share.viewed'],
  unlockSharedReport: ['report-share.refused'],
  createReportSchedule: ['report-schedule.created'],
  updateReportSchedule: ['report-schedule.updated'],
  pauseReportSchedule: ['report-schedule.paused'],
  resumeReportSchedule: ['report-schedule.resumed'],
  deleteReportSchedule: ['report-schedule.deleted'],
  runReportScheduleNow: ['report-schedule.run'],
  skipNextReportRun: ['report-schedule.skipped'],
  approveReportDelivery: ['report-delivery.approved'],
  rejectReportDelivery: ['report-delivery.rejected'],
  addReportRecipient: ['report-recipient.added'],
  removeReportRecipient: ['report-recipient.removed'],
  confirmReportRecipient: ['report-recipient.confirmed'],
  declineReports: ['report-recipient.declined'],
};

const supergraph = parse(readFileSync(schemaFile('supergraph.graphql'), 'utf8'));
const mutations = supergraph.definitions
  .filter((node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  .filter(({ name }) => name.value === 'Mutation')
  .flatMap(({ fields = [] }) => fields.map(({ name }) => name.value));

const folder = join(projectRoot, 'subgraphs');
const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');

/** Whether the code records this action; one with a variable end, as `password.${how}`, counts by its beginning. */
const isWritten = (action: string) =>
  source.includes(`'${action}'`) || source.includes(`\`${action.slice(0, action.indexOf('.') + 1)}\${`);

describe('every mutation', () => {
  it('has audit actions, or the reason why it has none', () => {
    expect(Object.keys(auditedMutations).sort()).toEqual([...mutations].sort());
  });

  it('without an audit action has a reason', () => {
    const silent = Object.entries(auditedMutations).filter(([, audited]) =>
      'none' in audited ? audited.none.length < 10 : audited.length === 0,
    );
    expect(silent).toEqual([]);
  });

  it('lists only actions that the code records', () => {
    const actions = Object.values(auditedMutations).flatMap((audited) => ('none' in audited ? [] : audited));
    expect(actions.filter((action) => !isWritten(action))).toEqual([]);
  });
});
