import { type GraphQLInputType, getNullableType, isEnumType, isListType, isNamedType } from 'graphql';
import type { Resource } from '#gateway/rest/resource.js';

/** The id in the examples, which are otherwise those of the demo. */
export const EXAMPLE_ID = '0198c5a2-7f3e-7c11-9d42-5b6a1e8f0c37';

const VALUES: Readonly<Record<string, unknown>> = {
  code: '123456',
  planId: 'pro',
  companyName: 'Northwind Outdoor',
  email: 'nora.lind@northwind.example',
  name: 'Northwind Outdoor',
  password: 'correct horse battery staple',
  propertyId: '312456789',
  provider: 'google-ads',
  role: 'ANALYST',
  siteUrl: 'sc-domain:northwind.example',
  templateId: 'campaign-performance',
  url: 'https://hooks.northwind.example/webmetrics',
};

/** Where one path differs from others. */
const VALUES_OF_PATHS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '/api/auth/login': { email: 'demo@webmetrics.test', password: 'webmetrics-demo' },
  '/api/auth/signup': { name: 'Nora Lind' },
  '/api/organization/subscription/promotion-code': { code: 'SPRING20' },
  '/api/google/analytics/report': { dimension: ['date'], metric: ['sessions'] },
  '/api/google/gmb/insights': { accountId: ['110238847561029384756'] },
  '/api/google/gmb/locations': { accountId: '110238847561029384756' },
  '/api/report-templates/{templateId}': { templateId: EXAMPLE_ID },
  '/api/reports/{id}/sections/{section}/rows': { section: 'performance' },
  '/api/x/tweets': { accountId: ['1346889436626259969'] },
};

/** What a body has beside, or instead of, the examples of its required inputs. */
export const EXAMPLES_OF_BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'PATCH /api/branding': { name: 'Northwind Outdoor', primaryColor: '#0b6e4f' },
  'PATCH /api/clients/{clientId}/branding': { name: 'Northwind Outdoor', primaryColor: '#0b6e4f' },
  'PATCH /api/report-templates/{templateId}': { name: 'Northwind Outdoor' },
  'POST /api/report-schedules': {
    recurrence: { every: 'MONTHLY', day: 1 },
    recipients: ['nora.lind@northwind.example'],
  },
  'POST /api/saved-views': { performance: { period: 'LAST_30_DAYS', groupBy: ['PROVIDER'] } },
  'PUT /api/budgets': { accountId: EXAMPLE_ID, month: '2026-10-01', amount: { amount: '5000', currency: 'GBP' } },
};

const BY_TYPE: Readonly<Record<string, unknown>> = {
  Boolean: true,
  Date: '2026-10-05',
  DateTime: '2026-10-05T10:11:12.000Z',
  ID: EXAMPLE_ID,
  Int: 1,
  String: 'text',
};

function exampleValue(type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [exampleValue(bare.ofType)];
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  return isNamedType(bare) ? BY_TYPE[bare.name] : undefined;
}

/** Returns the example of a required input of a resource. */
export function exampleOf({ path }: Pick<Resource, 'path'>, name: string, type: GraphQLInputType): unknown {
  return VALUES_OF_PATHS[path]?.[name] ?? VALUES[name] ?? exampleValue(type);
}
