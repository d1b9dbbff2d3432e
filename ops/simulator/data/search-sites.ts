import { largeClients } from './large-agency.js';
import { seedOf } from './seeded-number.js';

export type PermissionLevel = 'siteOwner' | 'siteFullUser' | 'siteRestrictedUser' | 'siteUnverifiedUser';

export interface SearchSite {
  /** As in the API: a URL prefix, or `sc-domain:` and a domain. */
  url: string;
  permissions: Readonly<Record<string, PermissionLevel>>;
  seed: number;
  /** Impressions of an ordinary day; 0 = a site without data. */
  dailyImpressions: number;
  weekendPercent: number;
  /** ISO 3166 alpha-3 in lower case. */
  countries: readonly (readonly [code: string, weight: number])[];
  pages: readonly SearchPage[];
  queries: readonly SearchQuery[];
}

export interface SearchPage {
  url: string;
  appearance: string | null;
}

export interface SearchQuery {
  text: string;
  weight: number;
  /** The first result, and another page sometimes below it. */
  page: SearchPage;
  second: SearchPage | null;
  /** Tenths of a position. */
  position: number;
}

const ADJECTIVES = ['', 'best ', 'cheap ', 'waterproof ', 'lightweight ', 'women ', 'men '];
const THINGS = ['hiking boots', 'tent', 'rain jacket', 'backpack', 'sleeping bag', 'trekking poles'];
const APPEARANCES = ['PRODUCT_SNIPPETS', null, 'REVIEW_SNIPPET', null];

type Plan = Pick<SearchSite, 'url' | 'permissions' | 'dailyImpressions' | 'countries'> & {
  root: string;
  brand: string;
  weekendPercent?: number;
};

function site({ root, brand, ...plan }: Plan): SearchSite {
  const pages = ['', ...THINGS.map((thing) => `${thing.replaceAll(' ', '-')}/`)].map(
    (path, n): SearchPage => ({ url: `${root}${path}`, appearance: APPEARANCES[n % APPEARANCES.length] ?? null }),
  );
  const home: SearchPage = pages[0] ?? { url: root, appearance: null };
  const queries = THINGS.flatMap((thing, n) =>
    ADJECTIVES.map((adjective, m): SearchQuery => {
      const page = pages[n + 1] ?? home;
      const weight = Math.ceil(400 / (3 + n + 2 * m));
      return {
        text: `${adjective}${thing}`,
        weight,
        page,
        second: m < 3 ? home : null,
        position: 31 + n * 17 + m * 23,
      };
    }),
  );
  const own: SearchQuery = { text: brand, weight: 260, page: home, second: pages[1] ?? null, position: 11 };
  return {
    weekendPercent: 112,
    ...plan,
    seed: seedOf(`search ${plan.url}`),
    pages,
    queries: plan.dailyImpressions === 0 ? [] : [own, ...queries],
  };
}

const WORLD = [
  ['usa', 52],
  ['deu', 24],
  ['gbr', 16],
  ['jpn', 8],
] as const;
const EUROPE = [
  ['deu', 70],
  ['aut', 18],
  ['che', 12],
] as const;

export const searchSites: readonly SearchSite[] = [
  site({
    url: 'sc-domain:northwind.example',
    root: 'https://www.northwind.example/',
    brand: 'northwind',
    permissions: { nora: 'siteOwner' },
    dailyImpressions: 24_000,
    countries: WORLD,
  }),
  site({
    url: 'https://shop.northwind-europa.example/',
    root: 'https://shop.northwind-europa.example/',
    brand: 'northwind europa',
    permissions: { nora: 'siteFullUser' },
    dailyImpressions: 7_300,
    countries: EUROPE,
  }),
  site({
    url: 'http://fourthcoffee.example/menu/',
    root: 'http://fourthcoffee.example/menu/',
    brand: 'fourth coffee',
    permissions: { nora: 'siteRestrictedUser' },
    dailyImpressions: 640,
    weekendPercent: 71,
    countries: [['usa', 100]],
  }),
  site({
    url: 'https://tailspintoys.example/',
    root: 'https://tailspintoys.example/',
    brand: 'tailspin toys',
    permissions: { nora: 'siteOwner' },
    dailyImpressions: 0,
    countries: WORLD,
  }),
  site({
    url: 'https://adventure-works.example/',
    root: 'https://adventure-works.example/',
    brand: 'adventure works',
    permissions: { nora: 'siteUnverifiedUser' },
    dailyImpressions: 900,
    countries: WORLD,
  }),
  site({
    url: 'https://ritas-flowers.example/',
    root: 'https://ritas-flowers.example/',
    brand: "rita's flowers",
    permissions: { rita: 'siteOwner' },
    dailyImpressions: 310,
    countries: [['usa', 100]],
  }),
  ...largeClients.map(({ n }) =>
    site({
      url: `https://www.client-${n}.example/`,
      root: `https://www.client-${n}.example/`,
      brand: `client ${n}`,
      permissions: { vera: 'siteOwner' },
      dailyImpressions: 500 + 60 * n,
      countries: WORLD,
    }),
  ),
];

const byUrl = new Map(searchSites.map((one) => [one.url, one]));

/** Finds a site by its exact URL. */
export function findSearchSite(url: string): SearchSite | undefined {
  return byUrl.get(url);
}
