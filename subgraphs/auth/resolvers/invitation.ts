import type { InvitationResolvers } from '#auth/resolver-types.js';

export const Invitation: InvitationResolvers = {
  invitedBy: ({ invitedBy }, _args, { personById }) => (invitedBy ? personById.load(invitedBy) : null),
};
