export type FieldType = 'int64' | 'double' | 'string' | 'enum' | 'boolean' | 'date' | 'year';

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
  campaign_budget: { resource_name: 'string', id: 'int64', amount_micros: 'int64' },
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
  segments: { date: 'date', week: 'date', month: 'date', quarter: 'date', year: 'year' },
};

/** Resources selectable with a FROM resource. */
const COMPANIONS: Record<string, readonly string[]> = {
  campaign: ['campaign', 'campaign_budget', 'customer', 'metrics', 'segments'],
  customer: ['customer', 'metrics', 'segments'],
  customer_client: ['customer_client', 'customer'],
};

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
