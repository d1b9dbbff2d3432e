import { startSimulator } from '#simulator/index.js';

/** Figures that a correct client must return. */
export interface TrueFigures {
  impressions: number;
  clicks: number;
  costMicros: string;
  conversions: string;
  conversionValue: string;
}

export interface TrueCampaign extends TrueFigures {
  id: string;
  name: string;
  status: string;
  /** Its kind, as the provider calls it. */
  type: string;
  /** Only when days are requested. */
  budget?: { level: string; dailyMicros: string | null; totalMicros: string | null; sharedBy: string | null };
  /** Days with activity; only when requested. */
  daily?: (TrueFigures & { date: string })[];
  /** Only with details, as devices and countries. */
  adGroups?: TrueAdGroup[];
  devices?: (TrueFigures & { value: string })[];
  countries?: (TrueFigures & { value: string })[];
}

/** An ad group with what is in it. */
export interface TrueAdGroup extends TrueFigures {
  id: string;
  name: string;
  status: string;
  ads: (TrueFigures & { id: string; status: string })[];
  keywords: (TrueFigures & {
    criterionId: string;
    text: string;
    matchType: string;
    status: string;
    qualityScore: number | null;
  })[];
}

export interface TrueAccount {
  id: string;
  name: string;
  currency: string;
  timeZone: string;
  status: string;
  manager: boolean;
  people: string[];
  campaigns: TrueCampaign[];
}

/** A post as a correct client must return it. */
export interface TruePost {
  id: string;
  text: string;
  kind: 'post' | 'reply' | 'repost';
  createdAt: string;
  public: Record<'impressions' | 'likes' | 'reposts' | 'replies' | 'quotes' | 'bookmarks', number>;
  /** null where X does not report them (any more). */
  private: Record<'linkClicks' | 'profileClicks' | 'engagements', number> | null;
}

/** One account at X. */
export interface TrueUser {
  id: string;
  username: string;
  name: string;
  person: string | null;
  deletedIds: string[];
  /** The newest first. */
  posts: TruePost[];
}

export interface LoggedCall {
  provider: string;
  method: string;
  path: string;
  query: Record<string, string>;
  body: Record<string, unknown> | null;
  status: number;
  inner: boolean;
}

export interface Fault {
  provider:
    | 'google-ads'
    | 'google-analytics'
    | 'google-oauth'
    | 'search-console'
    | 'business-profile'
    | 'meta'
    | 'meta-oauth'
    | 'linkedin'
    | 'linkedin-oauth'
    | 'x'
    | 'x-oauth'
    | 'ecb';
  kind: 'status' | 'hang' | 'reset' | 'truncate' | 'garbage' | 'html' | 'latency';
  match?: string;
  times?: number;
  status?: number;
  latencyMs?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The simulator's name for a provider's seed data. */
export type Seed = 'google-ads' | 'google-analytics' | 'search-console' | 'business-profile' | 'meta' | 'linkedin';

/** A user's decision on the consent page. */
export interface Decision {
  decision?: 'allow' | 'deny';
  person?: 'nora' | 'emil' | 'rita' | 'vera';
  scopes?: string[];
}

/** Days of the seed data, with what is listed besides sums. */
export interface SeedRange {
  start: string;
  end: string;
  daily?: boolean;
  detail?: boolean;
  /** Only accounts of this person. */
  person?: string;
}

/** The simulator, used through HTTP only. */
export interface SimulatedProviders {
  url: string;
  /** Submits the consent page, and returns the query of the redirect. */
  decide(authorizeUrl: string, decision?: Decision): Promise<Record<string, string>>;
  breakNext(...faults: Fault[]): Promise<void>;
  forgetFaults(): Promise<void>;
  /** Returns the calls since the last time, in order. */
  takeCalls(provider?: Fault['provider']): Promise<LoggedCall[]>;
  change(settings: Record<string, unknown>): Promise<void>;
  revokeGrants(who: { person?: string; provider?: string }): Promise<void>;
  /** Returns the seed data by account, campaigns by default. */
  truth<Truth = TrueAccount>(seed: Seed, range: SeedRange): Promise<Truth[]>;
  truthOfX(range: { start: string; end: string }): Promise<TrueUser[]>;
  /** Returns what one euro is worth, by currency and date. */
  trueRates(range: { start: string; end: string }): Promise<Record<string, Record<string, string>>>;
  close(): Promise<void>;
}

/** Starts a simulator whose clock is `now`. */
export async function startSimulatedProviders(now: () => Date): Promise<SimulatedProviders> {
  const { url, close } = await startSimulator({ now, quiet: true });

  async function admin<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}/_simulator/${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  return {
    url,
    close,
    async decide(authorizeUrl, { decision = 'allow', person, scopes } = {}) {
      const body = new URLSearchParams({
        decision,
        ...(person && { person }),
        ...(scopes && { scopes: scopes.join(' ') }),
      });
      const response = await fetch(authorizeUrl, { method: 'POST', body, redirect: 'manual' });
      const location = response.headers.get('location');
      if (!location) throw new Error(`No redirect: ${response.status} ${await response.text()}`);
      return Object.fromEntries(new URL(location).searchParams);
    },
    breakNext: (...faults) => admin('POST', 'faults', faults),
    forgetFaults: () => admin('DELETE', 'faults'),
    async takeCalls(provider) {
      const calls = await admin<LoggedCall[]>('GET', provider ? `calls?provider=${provider}` : 'calls');
      await admin('DELETE', 'calls');
      return calls;
    },
    change: (settings) => admin('POST', 'settings', settings),
    revokeGrants: (who) => admin('POST', 'grants/revoke', who),
    async truth<Truth>(seed: Seed, { start, end, daily, detail, person }: SeedRange) {
      const path = `seed/${seed}?start=${start}&end=${end}${daily ? '&daily=1' : ''}${detail ? '&detail=1' : ''}${person ? `&person=${person}` : ''}`;
      return (await admin<{ accounts: Truth[] }>('GET', path)).accounts;
    },
    truthOfX: async ({ start, end }) =>
      (await admin<{ users: TrueUser[] }>('GET', `seed/x?start=${start}&end=${end}`)).users,
    trueRates: async ({ start, end }) =>
      (await admin<{ rates: Record<string, Record<string, string>> }>('GET', `seed/ecb?start=${start}&end=${end}`))
        .rates,
  };
}
