import type { MutationResolvers } from '../resolver-types.js';
import { acceptInvitation } from '../services/accept-invitation.js';
import { cancelDeletion } from '../services/cancel-deletion.js';
import { changeMemberRole } from '../services/change-member-role.js';
import { createOrganization } from '../services/create-organization.js';
import { exportMyData } from '../services/export-my-data.js';
import { inviteMember } from '../services/invite-member.js';
import { leaveOrganization } from '../services/leave-organization.js';
import { removeMember } from '../services/remove-member.js';
import { renameOrganization } from '../services/rename-organization.js';
import { requestDeletion } from '../services/request-deletion.js';
import { resendInvitation } from '../services/resend-invitation.js';
import { revokeInvitation } from '../services/revoke-invitation.js';
import { switchOrganization } from '../services/switch-organization.js';
import { transferOwnership } from '../services/transfer-ownership.js';

/** What changes who belongs to which organization. */
export const peopleMutations: MutationResolvers = {
  inviteMember: async (_root, given, { runtime, database, identity }) => ({
    invitation: await inviteMember(runtime, database, identity, given),
  }),
  resendInvitation: async (_root, { invitationId }, { runtime, database, identity }) => ({
    invitation: await resendInvitation(runtime, database, identity, invitationId),
  }),
  revokeInvitation: async (_root, { invitationId }, { runtime, database, identity }) => ({
    invitationId: await revokeInvitation(runtime, database, identity, invitationId),
  }),
  acceptInvitation: (_root, given, { runtime, database, identity }) =>
    acceptInvitation(runtime, database, identity, given),
  changeMemberRole: async (_root, given, { runtime, database, identity }) => ({
    member: await changeMemberRole(runtime, database, identity, given),
  }),
  removeMember: async (_root, { userId }, { runtime, database, identity }) => {
    await removeMember(runtime, database, identity, userId);
    return { userId };
  },
  leaveOrganization: async (_root, { organizationId }, { runtime, database, identity }) => {
    await leaveOrganization(runtime, database, identity, organizationId);
    return { organizationId };
  },
  transferOwnership: async (_root, given, { runtime, database, identity }) => ({
    member: await transferOwnership(runtime, database, identity, given),
  }),
  switchOrganization: async (_root, { organizationId }, context) =>
    context.continueAs(await switchOrganization(context.runtime, context.database, context.identity, organizationId)),
  createOrganization: async (_root, given, context) =>
    context.continueAs(await createOrganization(context.runtime, context.database, context.identity, given)),
  deleteOrganization: async (_root, given, { runtime, database, identity }) => ({
    organization: await requestDeletion(runtime, database, identity, given),
  }),
  cancelOrganizationDeletion: async (_root, _args, { runtime, database, identity }) => ({
    organization: await cancelDeletion(runtime, database, identity),
  }),
  exportMyData: (_root, _args, { runtime, database, identity }) => exportMyData(runtime, database, identity),
  renameOrganization: async (_root, given, { runtime, database, identity }) => ({
    organization: await renameOrganization(runtime, database, identity, given),
  }),
};
