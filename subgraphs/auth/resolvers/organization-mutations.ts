import type { MutationResolvers } from '#auth/resolver-types.js';
import { createApiKey } from '#auth/services/api-key/create-api-key.js';
import { revokeApiKey } from '#auth/services/api-key/revoke-api-key.js';
import { rotateApiKey } from '#auth/services/api-key/rotate-api-key.js';
import { acceptInvitation } from '#auth/services/invitation/accept-invitation.js';
import { inviteMember } from '#auth/services/invitation/invite-member.js';
import { resendInvitation } from '#auth/services/invitation/resend-invitation.js';
import { revokeInvitation } from '#auth/services/invitation/revoke-invitation.js';
import { changeMemberRole } from '#auth/services/member/change-member-role.js';
import { confirmMember } from '#auth/services/member/confirm-member.js';
import { leaveOrganization } from '#auth/services/member/leave-organization.js';
import { liftMemberLimit, limitMember } from '#auth/services/member/limit-member.js';
import { removeMember } from '#auth/services/member/remove-member.js';
import { setMemberRights } from '#auth/services/member/set-member-rights.js';
import { transferOwnership } from '#auth/services/member/transfer-ownership.js';
import { createOrganization } from '#auth/services/organization/create-organization.js';
import { cancelDeletion, requestDeletion } from '#auth/services/organization/deletion.js';
import { switchOrganization } from '#auth/services/organization/switch-organization.js';
import { updateOrganization } from '#auth/services/organization/update-organization.js';
import { exportMyData } from '#auth/services/personal-data/export-my-data.js';
import { authPayload } from './auth-payload.js';

/** Mutations of organizations, their members, invitations and API keys. */
export const organizationMutations: MutationResolvers = {
  inviteMember: async (_root, given, context) => ({ invitation: await inviteMember(context, given) }),
  resendInvitation: async (_root, given, context) => ({ invitation: await resendInvitation(context, given) }),
  revokeInvitation: async (_root, given, context) => ({ invitationId: await revokeInvitation(context, given) }),
  acceptInvitation: (_root, given, context) => acceptInvitation(context, given),
  changeMemberRole: async (_root, given, context) => ({ member: await changeMemberRole(context, given) }),
  limitMember: async (_root, given, context) => ({ member: await limitMember(context, given) }),
  liftMemberLimit: async (_root, given, context) => ({ member: await liftMemberLimit(context, given) }),
  setMemberRights: async (_root, given, context) => ({ member: await setMemberRights(context, given) }),
  removeMember: (_root, given, context) => removeMember(context, given),
  leaveOrganization: (_root, given, context) => leaveOrganization(context, given),
  transferOwnership: async (_root, given, context) => ({ member: await transferOwnership(context, given) }),
  switchOrganization: (_root, given, context) => authPayload(context, switchOrganization(context, given)),
  createOrganization: (_root, given, context) => authPayload(context, createOrganization(context, given)),
  updateOrganization: async (_root, given, context) => ({ organization: await updateOrganization(context, given) }),
  deleteOrganization: async (_root, given, context) => ({ organization: await requestDeletion(context, given) }),
  cancelOrganizationDeletion: async (_root, _args, context) => ({ organization: await cancelDeletion(context) }),
  confirmMember: (_root, given, context) => confirmMember(context, given),
  exportMyData: (_root, _args, context) => exportMyData(context),
  createApiKey: (_root, given, context) => createApiKey(context, given),
  rotateApiKey: (_root, given, context) => rotateApiKey(context, given),
  revokeApiKey: (_root, given, context) => revokeApiKey(context, given),
};
