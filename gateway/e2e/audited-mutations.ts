/** What a mutation leaves in the audit trail: its actions, or why it leaves none. */
export type Audited = readonly string[] | { none: string };

/** Every mutation of the supergraph, also those only the gateway calls; one that is not here fails audited-mutations.test.ts. */
export const auditedMutations: Record<string, Audited> = {
  // Accounts and sessions
  signUp: ['account.created', 'session.started'],
  completeSignUp: ['account.created', 'session.started'],
  logIn: ['session.started', 'session.refused'],
  refreshSession: { none: 'it goes on with a session; a token that comes back ends it, which is `session.ended`' },
  logOut: ['session.ended'],
  verifyEmail: ['email.verified'],
  resendVerification: { none: 'it changes nothing: the mail stands in the outbox' },
  requestPasswordReset: { none: 'anybody may ask for anybody; using the link is `password.reset`' },
  resetPassword: ['password.reset'],
  changePassword: ['password.changed'],
  changeEmail: ['email.change-asked'],
  confirmEmailChange: ['email.changed'],
  stopEmailChange: ['email.change-stopped'],
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
  recordOperatorAction: { none: 'it is how others are written down' },

  // Organizations and their members
  createOrganization: ['organization.created'],
  renameOrganization: ['organization.renamed'],
  switchOrganization: ['session.started'],
  inviteMember: ['member.invited'],
  resendInvitation: ['invitation.resent'],
  revokeInvitation: ['invitation.revoked'],
  acceptInvitation: ['invitation.accepted'],
  changeMemberRole: ['role.changed'],
  removeMember: ['member.removed'],
  leaveOrganization: ['member.left'],
  transferOwnership: ['ownership.transferred'],
  deleteOrganization: ['organization.deletion-requested'],
  cancelOrganizationDeletion: ['organization.deletion-cancelled'],
  exportMyData: ['personal-data.exported'],

  // API keys
  createApiKey: ['api-key.created'],
  rotateApiKey: ['api-key.rotated'],
  revokeApiKey: ['api-key.revoked'],

  // Providers and clients
  authorizeConnection: { none: 'it sends a person to a provider: what comes of it is `completeConnection`' },
  completeConnection: ['connection.connected'],
  disconnect: ['connection.disconnected'],
  checkConnection: { none: 'it only looks; a consent that turns out to be gone is `connection.reconnect-required`' },
  beginReconnect: { none: 'it sends a person to a provider: what comes of it is `completeConnection`' },
  backfillHistory: ['history.ordered'],
  cancelHistoryBackfill: ['history.cancelled'],
  createClient: ['client.created'],
  deleteClient: ['client.deleted'],

  // Reports
  generateReport: ['report.ordered'],
  recordReportDownload: ['report.downloaded'],
};
