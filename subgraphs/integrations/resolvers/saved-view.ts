import type { SavedViewModel } from '#integrations/models.js';
import type { PerformanceViewQuestion, SavedViewResolvers } from '#integrations/resolver-types.js';
import { answerSavedView } from '#integrations/services/views/answer-saved-view.js';
import { findSavedView } from '#integrations/services/views/visible-views.js';

/** With the time zone of the organization, when the gateway asks for an answer. */
type Reference = { id: string; organization?: { timeZone?: string } };

export const SavedView: SavedViewResolvers = {
  __resolveReference: async (reference, context): Promise<SavedViewModel | null> => {
    const { id, organization } = reference as Reference;
    const view = await findSavedView(context, id);
    return view && { ...view, timeZone: organization?.timeZone };
  },
  owner: ({ ownerId }) => (ownerId ? { id: ownerId } : null),
  // Its input has the same fields, with defaults filled in.
  question: ({ question }) => question as PerformanceViewQuestion,
  organization: ({ organizationId }) => ({ id: organizationId }),
  performance: ({ timeZone = 'UTC', ...view }, args, context) => answerSavedView(context, { view, timeZone, ...args }),
};
