import { largeClients } from './large-agency.js';
import { seededNumber, seedOf } from './seeded-number.js';

export interface BusinessAccount {
  id: string;
  name: string;
  type: 'PERSONAL' | 'LOCATION_GROUP' | 'ORGANIZATION';
  people: readonly string[];
  role: 'PRIMARY_OWNER' | 'OWNER' | 'MANAGER';
}

export interface BusinessLocation {
  id: string;
  accountId: string;
  title: string;
  storeCode: string;
  phone: string;
  category: { id: string; name: string };
  address: { regionCode: string; postalCode: string; administrativeArea: string; locality: string; line: string };
  latitude: number;
  longitude: number;
  websiteUri: string;
  isOpen: boolean;
  seed: number;
  /** Views of an ordinary day; 0 = a location without data. */
  dailyViews: number;
  weekendPercent: number;
  servesFood: boolean;
}

export const businessAccounts: readonly BusinessAccount[] = [
  { id: '104729561834720918365', name: 'Nora Lind', type: 'PERSONAL', people: ['nora'], role: 'PRIMARY_OWNER' },
  {
    id: '110238847561029384756',
    name: 'Northwind Outdoor stores',
    type: 'LOCATION_GROUP',
    people: ['nora'],
    role: 'OWNER',
  },
  {
    id: '117264518390264518390',
    name: 'Fourth Coffee bars',
    type: 'LOCATION_GROUP',
    people: ['nora'],
    role: 'MANAGER',
  },
  { id: '101928374655647382910', name: 'Rita Vale', type: 'PERSONAL', people: ['rita'], role: 'PRIMARY_OWNER' },
  ...largeClients.map(
    ({ n, name }): BusinessAccount => ({
      id: String(130_000_000_000_000_000_000n + BigInt(n)),
      name,
      type: 'LOCATION_GROUP',
      people: ['vera'],
      role: 'OWNER',
    }),
  ),
];

const FIRST_LARGE_ACCOUNT = 4;

const CITIES = [
  ['New York', 'NY', 'US', '100', 40.71, -74.01, '+1 212-555-01'],
  ['Seattle', 'WA', 'US', '981', 47.61, -122.33, '+1 206-555-01'],
  ['Berlin', 'Berlin', 'DE', '101', 52.52, 13.4, '+49 30 5550'],
  ['München', 'Bayern', 'DE', '803', 48.14, 11.58, '+49 89 5550'],
  ['London', 'England', 'GB', 'EC1A ', 51.51, -0.13, '+44 20 5550'],
  ['東京', '東京都', 'JP', '160-00', 35.68, 139.69, '+81 3-5550-'],
] as const;
const FIRST_ID = 9_120_774_583_318_220_993n;

interface Chain {
  account: number;
  count: number;
  prefix: string;
  name: string;
  category: BusinessLocation['category'];
  site: string;
  servesFood: boolean;
  weekendPercent: number;
}

function grow({ account, count, prefix, name, category, site, servesFood, weekendPercent }: Chain): BusinessLocation[] {
  const { id: accountId } = businessAccounts[account] as BusinessAccount;
  return Array.from({ length: count }, (_, n): BusinessLocation => {
    const [locality, administrativeArea, regionCode, zip, latitude, longitude, phone] =
      CITIES[n % CITIES.length] ?? CITIES[0];
    const seed = seedOf(`location ${prefix} ${n}`);
    const number = String(n + 1)
      .padStart(2, '0')
      .slice(-2);
    return {
      id: String(FIRST_ID + BigInt(account) * 1_000n + BigInt(n)),
      accountId,
      title: `${name} ${locality} ${n + 1}`,
      storeCode: `${prefix}-${n + 1}`,
      phone: `${phone}${number}`,
      category,
      address: {
        regionCode,
        postalCode: `${zip}${number}`,
        administrativeArea,
        locality,
        line: `${n + 1} Main Street`,
      },
      latitude: Math.round((latitude + n / 1_000) * 10_000) / 10_000,
      longitude,
      websiteUri: `https://${site}/stores/${n + 1}/`,
      isOpen: n % 29 !== 28,
      seed,
      dailyViews: n % 13 === 12 ? 0 : 20 + seededNumber(seed, 1, 400),
      weekendPercent,
      servesFood,
    };
  });
}

export const businessLocations: readonly BusinessLocation[] = [
  ...grow({
    account: 1,
    count: 118,
    prefix: 'NW',
    name: 'Northwind Outdoor',
    category: { id: 'gcid:outdoor_sports_store', name: 'Outdoor sports store' },
    site: 'www.northwind.example',
    servesFood: false,
    weekendPercent: 141,
  }),
  ...grow({
    account: 2,
    count: 21,
    prefix: 'FC',
    name: 'Fourth Coffee',
    category: { id: 'gcid:coffee_shop', name: 'Coffee shop' },
    site: 'fourthcoffee.example',
    servesFood: true,
    weekendPercent: 64,
  }),
  ...grow({
    account: 3,
    count: 3,
    prefix: 'RF',
    name: "Rita's Flowers",
    category: { id: 'gcid:florist', name: 'Florist' },
    site: 'ritas-flowers.example',
    servesFood: false,
    weekendPercent: 120,
  }),
  ...largeClients.flatMap(({ n, name }) =>
    grow({
      account: FIRST_LARGE_ACCOUNT + n - 1,
      count: 3,
      prefix: `S${n}`,
      name,
      category: { id: 'gcid:outdoor_sports_store', name: 'Outdoor sports store' },
      site: `www.client-${n}.example`,
      servesFood: false,
      weekendPercent: 110,
    }),
  ),
];

const byId = new Map(businessLocations.map((one) => [one.id, one]));

/** Finds a location by id. */
export function findBusinessLocation(id: string): BusinessLocation | undefined {
  return byId.get(id);
}

/** Whether a person has access to an account. */
export function canOpen(person: string, accountId: string): boolean {
  return businessAccounts.some(({ id, people }) => id === accountId && people.includes(person));
}
