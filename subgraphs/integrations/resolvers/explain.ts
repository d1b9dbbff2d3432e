import { describeProviderById } from '#integrations/providers/index.js';
import type { FigureFindingResolvers } from '#integrations/resolver-types.js';

export const FigureFinding: FigureFindingResolvers = {
  provider: ({ providerId }) => (providerId ? describeProviderById(providerId) : null),
};
