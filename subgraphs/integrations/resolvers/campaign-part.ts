import type { AdGroupResolvers, AdResolvers, KeywordResolvers } from '#integrations/resolver-types.js';

// Readers give ad groups and keywords a name, keywords their ad group.

export const AdGroup: AdGroupResolvers = { name: ({ name }) => name ?? '' };

export const Ad: AdResolvers = {
  adGroupExternalId: ({ adGroup }) => adGroup?.externalId ?? null,
  adGroupName: ({ adGroup }) => adGroup?.name ?? null,
};

export const Keyword: KeywordResolvers = {
  text: ({ name }) => name ?? '',
  matchType: ({ keyword }) => keyword?.matchType ?? 'OTHER',
  qualityScore: ({ keyword }) => keyword?.qualityScore ?? null,
  adGroupExternalId: ({ adGroup }) => adGroup?.externalId ?? '',
  adGroupName: ({ adGroup }) => adGroup?.name ?? '',
};
