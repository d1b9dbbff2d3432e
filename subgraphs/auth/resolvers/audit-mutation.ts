import type { MutationResolvers } from '../resolver-types.js';
import { recordOperatorAction } from '../services/record-operator-action.js';

export const auditMutation: MutationResolvers = {
  recordOperatorAction: (_root, given, { database, identity }) => recordOperatorAction(database, identity, given),
};
