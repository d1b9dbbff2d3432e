import type { Account, Campaign } from '#simulator/data/campaign.js';
import { type Figures, NO_FIGURES } from '#simulator/data/daily-figures.js';
import { googleAdGroupsOf } from '#simulator/data/google-ads-accounts.js';
import { type Ad, type AdGroup, type Keyword, measureAdGroups } from '#simulator/data/parts/ad-groups.js';
import type { Row } from './row.js';

/** The resources below a campaign. */
export type PartResource = 'ad_group' | 'ad_group_ad' | 'keyword_view';

interface Part {
  attributes: Row;
  figures(first: number, last: number): Figures;
}

/** Returns the ad groups, ads or keywords of a campaign; those of Performance Max, which has none of them, are empty. */
export function listParts(from: PartResource, account: Account, campaign: Campaign): Part[] {
  const groups = googleAdGroupsOf(campaign);
  // Measured once for all parts of a campaign.
  let known: { key: string; measured: ReturnType<typeof measureAdGroups> } | undefined;
  const measured = (first: number, last: number) => {
    const key = `${first} ${last}`;
    if (known?.key !== key) known = { key, measured: measureAdGroups(campaign, groups, first, last) };
    return known.measured;
  };
  return groups.flatMap((group, n): Part[] => {
    const ofGroup = groupAttributes(account, campaign, group);
    if (from === 'ad_group') {
      return [{ attributes: ofGroup, figures: (first, last) => measured(first, last)[n]?.figures ?? NO_FIGURES }];
    }
    if (from === 'ad_group_ad') {
      return group.ads.map((ad, m) => ({
        attributes: { ...ofGroup, ...adAttributes(account, campaign, group, ad) },
        figures: (first, last) => measured(first, last)[n]?.ads[m]?.figures ?? NO_FIGURES,
      }));
    }
    if (campaign.kind !== 'SEARCH') return [];
    return group.keywords.map((keyword, m) => ({
      attributes: { ...ofGroup, ...keywordAttributes(account, group, keyword) },
      figures: (first, last) => measured(first, last)[n]?.keywords[m]?.figures ?? NO_FIGURES,
    }));
  });
}

const GROUP_TYPES: Record<string, string> = {
  SEARCH: 'SEARCH_STANDARD',
  DISPLAY: 'DISPLAY_STANDARD',
  SHOPPING: 'SHOPPING_PRODUCT_ADS',
  VIDEO: 'VIDEO_RESPONSIVE',
};
const AD_TYPES: Record<string, string> = {
  SEARCH: 'RESPONSIVE_SEARCH_AD',
  DISPLAY: 'RESPONSIVE_DISPLAY_AD',
  SHOPPING: 'SHOPPING_PRODUCT_AD',
  VIDEO: 'VIDEO_RESPONSIVE_AD',
  DEMAND_GEN: 'DEMAND_GEN_MULTI_ASSET_AD',
};

function groupAttributes(account: Account, campaign: Campaign, group: AdGroup): Row {
  return {
    'ad_group.resource_name': `customers/${account.id}/adGroups/${group.id}`,
    'ad_group.id': group.id,
    'ad_group.name': group.name,
    'ad_group.campaign': `customers/${account.id}/campaigns/${campaign.id}`,
    'ad_group.status': group.status,
    'ad_group.type': GROUP_TYPES[campaign.kind] ?? 'UNKNOWN',
  };
}

function adAttributes(account: Account, campaign: Campaign, group: AdGroup, ad: Ad): Row {
  const isSearch = campaign.kind === 'SEARCH';
  return {
    'ad_group_ad.resource_name': `customers/${account.id}/adGroupAds/${group.id}~${ad.id}`,
    'ad_group_ad.ad_group': `customers/${account.id}/adGroups/${group.id}`,
    'ad_group_ad.status': ad.status,
    'ad_group_ad.ad.resource_name': `customers/${account.id}/ads/${ad.id}`,
    'ad_group_ad.ad.id': ad.id,
    // Responsive search ads have headlines instead of a name.
    'ad_group_ad.ad.name': isSearch ? undefined : ad.name,
    'ad_group_ad.ad.type': AD_TYPES[campaign.kind],
    'ad_group_ad.ad.responsive_search_ad.headlines': isSearch
      ? [ad.name, group.name, 'Northwind'].map((text) => ({ text }))
      : undefined,
  };
}

function keywordAttributes(account: Account, group: AdGroup, keyword: Keyword): Row {
  const id = `${group.id}~${keyword.criterionId}`;
  return {
    'keyword_view.resource_name': `customers/${account.id}/keywordViews/${id}`,
    'ad_group_criterion.resource_name': `customers/${account.id}/adGroupCriteria/${id}`,
    'ad_group_criterion.ad_group': `customers/${account.id}/adGroups/${group.id}`,
    'ad_group_criterion.criterion_id': keyword.criterionId,
    'ad_group_criterion.status': keyword.status,
    'ad_group_criterion.type': 'KEYWORD',
    'ad_group_criterion.negative': false,
    'ad_group_criterion.keyword.text': keyword.text,
    'ad_group_criterion.keyword.match_type': keyword.matchType,
    'ad_group_criterion.quality_info.quality_score': keyword.qualityScore ?? undefined,
  };
}
