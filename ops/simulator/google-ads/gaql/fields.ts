export type FieldType = 'int64' | 'double' | 'string' | 'enum' | 'boolean' | 'date' | 'year' | 'message';

export interface Field {
  name: string;
  resource: string;
  type: FieldType;
  constants?: readonly string[];
}

const CUSTOMER_STATUS = ['ENABLED', 'CANCELED', 'SUSPENDED', 'CLOSED'];

const TABLE: Record<string, Record<string, FieldType | readonly string[]>> = {
  customer: {
    resource_name: 'string',
    id: 'int64',
    descriptive_name: 'string',
    currency_code: 'string',
    time_zone: 'string',
    manager: 'boolean',
    test_account: 'boolean',
    auto_tagging_enabled: 'boolean',
    status: CUSTOMER_STATUS,
  },
  customer_client: {
    resource_name: 'string',
    id: 'int64',
    client_customer: 'string',
    descriptive_name: 'string',
    level: 'int64',
    manager: 'boolean',
    currency_code: 'string',
    time_zone: 'string',
    hidden: 'boolean',
    test_account: 'boolean',
    status: CUSTOMER_STATUS,
  },
  campaign: {
    resource_name: 'string',
    id: 'int64',
    name: 'string',
    campaign_budget: 'string',
    start_date_time: 'string',
    end_date_time: 'string',
    status: ['ENABLED', 'PAUSED', 'REMOVED'],
    serving_status: ['SERVING', 'NONE', 'ENDED', 'PENDING', 'SUSPENDED'],
    primary_status: [
      'ELIGIBLE',
      'PAUSED',
      'REMOVED',
      'ENDED',
      'PENDING',
      'MISCONFIGURED',
      'LIMITED',
      'LEARNING',
      'NOT_ELIGIBLE',
    ],
    advertising_channel_type: [
      'SEARCH',
      'DISPLAY',
      'SHOPPING',
      'HOTEL',
      'VIDEO',
      'MULTI_CHANNEL',
      'LOCAL',
      'SMART',
      'PERFORMANCE_MAX',
      'LOCAL_SERVICES',
      'TRAVEL',
      'DEMAND_GEN',
    ],
  },
  campaign_budget: {
    resource_name: 'string',
    id: 'int64',
    name: 'string',
    amount_micros: 'int64',
    total_amount_micros: 'int64',
    explicitly_shared: 'boolean',
    period: ['DAILY', 'CUSTOM_PERIOD'],
  },
  ad_group: {
    resource_name: 'string',
    id: 'int64',
    name: 'string',
    campaign: 'string',
    status: ['ENABLED', 'PAUSED', 'REMOVED'],
    type: ['SEARCH_STANDARD', 'DISPLAY_STANDARD', 'SHOPPING_PRODUCT_ADS', 'VIDEO_RESPONSIVE', 'UNKNOWN'],
  },
  ad_group_ad: {
    resource_name: 'string',
    ad_group: 'string',
    status: ['ENABLED', 'PAUSED', 'REMOVED'],
    'ad.resource_name': 'string',
    'ad.id': 'int64',
    'ad.name': 'string',
    'ad.type': [
      'RESPONSIVE_SEARCH_AD',
      'RESPONSIVE_DISPLAY_AD',
      'SHOPPING_PRODUCT_AD',
      'VIDEO_RESPONSIVE_AD',
      'DEMAND_GEN_MULTI_ASSET_AD',
    ],
    'ad.responsive_search_ad.headlines': 'message',
  },
  ad_group_criterion: {
    resource_name: 'string',
    ad_group: 'string',
    criterion_id: 'int64',
    status: ['ENABLED', 'PAUSED', 'REMOVED'],
    type: ['KEYWORD'],
    negative: 'boolean',
    'keyword.text': 'string',
    'keyword.match_type': ['EXACT', 'PHRASE', 'BROAD'],
    'quality_info.quality_score': 'double',
  },
  keyword_view: { resource_name: 'string' },
  user_location_view: { resource_name: 'string', country_criterion_id: 'int64', targeting_location: 'boolean' },
  metrics: {
    impressions: 'int64',
    clicks: 'int64',
    cost_micros: 'int64',
    interactions: 'int64',
    conversions: 'double',
    conversions_value: 'double',
    all_conversions: 'double',
    all_conversions_value: 'double',
    ctr: 'double',
    average_cpc: 'double',
    average_cpm: 'double',
    cost_per_conversion: 'double',
  },
  segments: {
    date: 'date',
    week: 'date',
    month: 'date',
    quarter: 'date',
    year: 'year',
    device: ['MOBILE', 'TABLET', 'DESKTOP', 'CONNECTED_TV', 'OTHER'],
  },
};

/** Resources selectable with a FROM resource. */
const COMPANIONS: Record<string, readonly string[]> = {
  campaign: ['campaign', 'campaign_budget', 'customer', 'metrics', 'segments'],
  customer: ['customer', 'metrics', 'segments'],
  customer_client: ['customer_client', 'customer'],
  ad_group: ['ad_group', 'campaign', 'customer', 'metrics', 'segments'],
  ad_group_ad: ['ad_group_ad', 'ad_group', 'campaign', 'customer', 'metrics', 'segments'],
  keyword_view: ['keyword_view', 'ad_group_criterion', 'ad_group', 'campaign', 'customer', 'metrics', 'segments'],
  user_location_view: ['user_location_view', 'campaign', 'customer', 'metrics', 'segments'],
};

/** Resources of Google Ads that are not simulated: https://developers.google.com/google-ads/api/fields/v25/overview */
const OTHER_RESOURCES = new Set(
  `account_budget account_budget_proposal account_link ad ad_group_ad_asset_view
  ad_group_asset ad_group_audience_view ad_group_bid_modifier ad_group_criterion ad_group_criterion_label ad_group_label
  ad_schedule_view age_range_view asset asset_field_type_view asset_group asset_group_asset asset_group_signal asset_set
  audience bidding_strategy billing_setup call_view campaign_asset campaign_audience_view campaign_bid_modifier
  campaign_conversion_goal campaign_criterion campaign_label campaign_shared_set change_event change_status click_view
  conversion_action custom_audience customer_asset customer_label customer_manager_link customer_negative_criterion
  detail_placement_view display_keyword_view distance_view dynamic_search_ads_search_term_view expanded_landing_page_view
  experiment gender_view geo_target_constant geographic_view group_placement_view hotel_performance_view
  income_range_view invoice keyword_plan label landing_page_view language_constant location_view
  managed_placement_view media_file mobile_app_category_constant mobile_device_constant offline_user_data_job
  operating_system_version_constant paid_organic_search_term_view parental_status_view per_store_view
  performance_max_placement_view product_group_view product_link recommendation search_term_view shared_criterion shared_set
  shopping_performance_view shopping_product smart_campaign_search_term_view topic_constant topic_view user_interest
  user_list video webpage_view`.split(/\s+/),
);

/** Fields that Google has removed. */
const REMOVED_FIELDS = new Set(['campaign.start_date', 'campaign.end_date']);

/** Whether Google has a resource that is not simulated. */
export function isRealResource(name: string): boolean {
  return OTHER_RESOURCES.has(name);
}

/** Whether Google may have a field that is not simulated: one of a resource it has. */
export function mayExist(name: string): boolean {
  const [resource = '', ...rest] = name.split('.');
  const isNamed = rest.length > 0 && rest.every((part) => /^[a-z][a-z0-9_]*$/.test(part));
  return isNamed && !REMOVED_FIELDS.has(name) && (Object.hasOwn(TABLE, resource) || OTHER_RESOURCES.has(resource));
}

const fields = new Map<string, Field>();
for (const [resource, columns] of Object.entries(TABLE)) {
  for (const [column, type] of Object.entries(columns)) {
    const name = `${resource}.${column}`;
    fields.set(
      name,
      typeof type === 'string' ? { name, resource, type } : { name, resource, type: 'enum', constants: type },
    );
  }
}

/** Finds a field that is simulated. */
export function findField(name: string): Field | undefined {
  return fields.get(name);
}

/** Returns the resources selectable with a FROM resource, undefined for an unknown one. */
export function findCompanions(from: string): readonly string[] | undefined {
  return COMPANIONS[from];
}
