/** Columns of what the templates make. */
export const columnsOf: Record<string, { key: string; title: string; kind: 'TEXT' | 'INTEGER' | 'DECIMAL' }[]> = {
  'campaign-performance': [
    { key: 'provider', title: 'Provider', kind: 'TEXT' },
    { key: 'account', title: 'Account', kind: 'TEXT' },
    { key: 'campaign', title: 'Campaign', kind: 'TEXT' },
    { key: 'status', title: 'Status', kind: 'TEXT' },
    { key: 'currency', title: 'Currency', kind: 'TEXT' },
    { key: 'impressions', title: 'Impressions', kind: 'INTEGER' },
    { key: 'clicks', title: 'Clicks', kind: 'INTEGER' },
    { key: 'cost', title: 'Cost', kind: 'DECIMAL' },
    { key: 'conversions', title: 'Conversions', kind: 'DECIMAL' },
    { key: 'conversion_value', title: 'Conversion value', kind: 'DECIMAL' },
  ],
  'account-summary': [
    { key: 'provider', title: 'Provider', kind: 'TEXT' },
    { key: 'account', title: 'Account', kind: 'TEXT' },
    { key: 'status', title: 'Status', kind: 'TEXT' },
    { key: 'currency', title: 'Currency', kind: 'TEXT' },
    { key: 'campaigns', title: 'Campaigns', kind: 'INTEGER' },
    { key: 'impressions', title: 'Impressions', kind: 'INTEGER' },
    { key: 'clicks', title: 'Clicks', kind: 'INTEGER' },
    { key: 'cost', title: 'Cost', kind: 'DECIMAL' },
    { key: 'conversions', title: 'Conversions', kind: 'DECIMAL' },
    { key: 'conversion_value', title: 'Conversion value', kind: 'DECIMAL' },
  ],
};
