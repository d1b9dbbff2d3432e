import type { MutationResolvers } from '#auth/resolver-types.js';
import { recordOperatorAction } from '#auth/services/audit/record-operator-action.js';

export const auditMutation: MutationResolvers = {
  recordOperatorAction: (_root, given, { database, identity }) => recordOperatorAction(database, identity, given),
};
