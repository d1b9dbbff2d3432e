import { largeClients } from './large-agency.js';
import { seedOf } from './seeded-number.js';

export interface AnalyticsProperty {
  id: string;
  name: string;
  accountId: string;
  currency: string;
  digits: number;
  timeZone: string;
  industry: string;
  hostName: string;
  people: readonly string[];
  seed: number;
  /** Sessions of an ordinary day; 0 = a property without data. */
  dailySessions: number;
  weekendPercent: number;
  /** Orders per 10,000 sessions. */
  orderRate: number;
  /** Both in the smallest unit of the currency. */
  orderValue: number;
  clickPrice: number;
  places: readonly Place[];
}

export interface Place {
  country: string;
  countryId: string;
  region: string;
  city: string;
  language: string;
  weight: number;
}

export interface AnalyticsAccount {
  id: string;
  name: string;
  people: readonly string[];
}

function place(
  country: string,
  countryId: string,
  region: string,
  city: string,
  language: string,
  weight: number,
): Place {
  return { country, countryId, region, city, language, weight };
}

const NEW_YORK = place('United States', 'US', 'New York', 'New York', 'English', 46);
const SEATTLE = place('United States', 'US', 'Washington', 'Seattle', 'English', 31);
const TORONTO = place('Canada', 'CA', 'Ontario', 'Toronto', 'English', 15);
const BERLIN = place('Germany', 'DE', 'Berlin', 'Berlin', 'German', 44);
const MUNICH = place('Germany', 'DE', 'Bavaria', 'Munich', 'German', 29);
const VIENNA = place('Austria', 'AT', 'Vienna', 'Vienna', 'German', 12);
const TOKYO = place('Japan', 'JP', 'Tokyo', 'Shinjuku City', 'Japanese', 58);
const OSAKA = place('Japan', 'JP', 'Osaka', 'Osaka', 'Japanese', 34);
const ELSEWHERE = place('(not set)', '(not set)', '(not set)', '(not set)', 'English', 8);

type Plan = Omit<AnalyticsProperty, 'seed' | 'industry' | 'weekendPercent'> & { weekendPercent?: number };

const property = (plan: Plan): AnalyticsProperty => ({
  weekendPercent: 124,
  industry: 'SHOPPING',
  ...plan,
  seed: seedOf(`analytics ${plan.id}`),
});

const USD = { currency: 'USD', digits: 2, orderValue: 6_890, clickPrice: 84 };
const EUR = { currency: 'EUR', digits: 2, orderValue: 5_440, clickPrice: 61 };
const JPY = { currency: 'JPY', digits: 0, orderValue: 7_980, clickPrice: 96 };
const STORES = { accountId: '140012345', people: ['nora'] };
const BRANDS = { accountId: '287654321', people: ['nora'] };

export const analyticsAccounts: readonly AnalyticsAccount[] = [
  { id: '140012345', name: 'Northwind Outdoor', people: ['nora'] },
  { id: '287654321', name: 'Northwind Agency, other brands', people: ['nora'] },
  { id: '301122334', name: "Rita's Flowers", people: ['rita'] },
  { id: '355500000', name: 'Stein & Co', people: ['vera'] },
];

export const analyticsProperties: readonly AnalyticsProperty[] = [
  property({
    ...STORES,
    ...USD,
    id: '312456789',
    name: 'northwind.example (US)',
    timeZone: 'America/New_York',
    hostName: 'www.northwind.example',
    dailySessions: 2_600,
    orderRate: 210,
    places: [NEW_YORK, SEATTLE, TORONTO, ELSEWHERE],
  }),
  property({
    ...STORES,
    ...EUR,
    id: '312456790',
    name: 'northwind.example (Europa)',
    timeZone: 'Europe/Berlin',
    hostName: 'www.northwind-europa.example',
    dailySessions: 3_900,
    orderRate: 180,
    places: [BERLIN, MUNICH, VIENNA, ELSEWHERE],
  }),
  property({
    ...STORES,
    ...JPY,
    id: '312456791',
    name: 'ノースウインド (JP)',
    timeZone: 'Asia/Tokyo',
    hostName: 'www.northwind-japan.example',
    dailySessions: 840,
    orderRate: 150,
    places: [TOKYO, OSAKA, ELSEWHERE],
  }),
  property({
    ...BRANDS,
    ...USD,
    id: '398765432',
    name: 'Fourth Coffee',
    timeZone: 'America/Los_Angeles',
    hostName: 'fourthcoffee.example',
    dailySessions: 180,
    weekendPercent: 61,
    orderRate: 90,
    places: [SEATTLE, NEW_YORK],
  }),
  property({
    ...BRANDS,
    ...EUR,
    id: '398765433',
    name: 'Tailspin Toys (not tagged yet)',
    timeZone: 'Europe/London',
    hostName: 'tailspintoys.example',
    dailySessions: 0,
    orderRate: 0,
    places: [BERLIN],
  }),
  property({
    ...USD,
    accountId: '301122334',
    people: ['rita'],
    id: '411223344',
    name: 'ritas-flowers.example',
    timeZone: 'America/Chicago',
    hostName: 'ritas-flowers.example',
    dailySessions: 120,
    orderRate: 240,
    places: [NEW_YORK, ELSEWHERE],
  }),
  ...largeClients.map(({ n, name, market, currency, digits, timeZone }) =>
    property({
      ...({ USD, EUR, JPY }[currency] ?? EUR),
      currency,
      digits,
      name,
      timeZone,
      accountId: '355500000',
      people: ['vera'],
      id: String(455_500_000 + n),
      hostName: `www.client-${n}.example`,
      dailySessions: 300 + 40 * n,
      orderRate: 150,
      places: market === 'JP' ? [TOKYO, OSAKA] : [NEW_YORK, BERLIN],
    }),
  ),
];

const byId = new Map(analyticsProperties.map((one) => [one.id, one]));

/** Finds a property by id. */
export function findAnalyticsProperty(id: string): AnalyticsProperty | undefined {
  return byId.get(id);
}
