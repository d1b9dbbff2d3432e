import type { MutationResolvers } from '#auth/resolver-types.js';
import { acceptInvitation } from '#auth/services/invitation/accept-invitation.js';
import { inviteMember } from '#auth/services/invitation/invite-member.js';
import { resendInvitation } from '#auth/services/invitation/resend-invitation.js';
import { revokeInvitation } from '#auth/services/invitation/revoke-invitation.js';
import { changeMemberRole } from '#auth/services/member/change-member-role.js';
import { leaveOrganization } from '#auth/services/member/leave-organization.js';
import { removeMember } from '#auth/services/member/remove-member.js';
import { transferOwnership } from '#auth/services/member/transfer-ownership.js';
import { cancelDeletion } from '#auth/services/organization/cancel-deletion.js';
import { createOrganization } from '#auth/services/organization/create-organization.js';
import { renameOrganization } from '#auth/services/organization/rename-organization.js';
import { requestDeletion } from '#auth/services/organization/request-deletion.js';
import { switchOrganization } from '#auth/services/organization/switch-organization.js';
import { exportMyData } from '#auth/services/personal-data/export-my-data.js';

/** What changes who belongs to which organization. */
export const peopleMutations: MutationResolvers = {
  inviteMember: async (_root, given, { services, database, identity }) => ({
    invitation: await inviteMember(services, database, identity, given),
  }),
  resendInvitation: async (_root, { invitationId }, { services, database, identity }) => ({
    invitation: await resendInvitation(services, database, identity, invitationId),
  }),
  revokeInvitation: async (_root, { invitationId }, { services, database, identity }) => ({
    invitationId: await revokeInvitation(services, database, identity, invitationId),
  }),
  acceptInvitation: (_root, given, { services, database, identity }) =>
    acceptInvitation(services, database, identity, given),
  changeMemberRole: async (_root, given, { services, database, identity }) => ({
    member: await changeMemberRole(services, database, identity, given),
  }),
  removeMember: async (_root, { userId }, { services, database, identity }) => {
    await removeMember(services, database, identity, userId);
    return { userId };
  },
  leaveOrganization: async (_root, { organizationId }, { services, database, identity }) => {
    await leaveOrganization(services, database, identity, organizationId);
    return { organizationId };
  },
  transferOwnership: async (_root, given, { services, database, identity }) => ({
    member: await transferOwnership(services, database, identity, given),
  }),
  switchOrganization: async (_root, { organizationId }, context) =>
    context.continueAs(await switchOrganization(context.services, context.database, context.identity, organizationId)),
  createOrganization: async (_root, given, context) =>
    context.continueAs(await createOrganization(context.services, context.database, context.identity, given)),
  deleteOrganization: async (_root, given, { services, database, identity }) => ({
    organization: await requestDeletion(services, database, identity, given),
  }),
  cancelOrganizationDeletion: async (_root, _args, { services, database, identity }) => ({
    organization: await cancelDeletion(services, database, identity),
  }),
  exportMyData: (_root, _args, { services, database, identity }) => exportMyData(services, database, identity),
  renameOrganization: async (_root, given, { services, database, identity }) => ({
    organization: await renameOrganization(services, database, identity, given),
  }),
};
