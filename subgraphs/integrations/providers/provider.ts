import type { FaultCode } from '#integrations/faults/fault-code.js';
import type { Governor } from '#integrations/quota/governor.js';
import type { Services } from '#runtime/services.js';
import type { FigureFacts } from './figure-facts.js';
import type { Breakdown, CampaignPart, CampaignRow, Readers } from './products.js';

// The interface of every provider; describe-provider.ts is its contract.

/** A provider without a connection to it. */
export interface ProviderDescription {
  /** Stable, the name of its folder: `google-ads`. */
  id: string;
  /** Begins every error message about it. */
  name: string;
  /** What we read, for users: `campaigns`. */
  products: string[];
  /** The scopes we request. */
  scopes: string[];
  /** Returns the ids of accounts that a text may mean, where people write them in several ways. */
  externalIdsOf?(text: string): string[];
  /** Why its figures may differ from others. */
  figureFacts?: FigureFacts;
  /** Shared by providers with one consent: revoking one revokes all. */
  consentFamily?: string;
}

/** What an installation gives a provider. */
export type ProviderTools = Pick<Services, 'config' | 'http' | 'simulatorUrl' | 'now'> & {
  /** Absent = requests are not limited. */
  governor?: Governor;
};

/** The export of a provider's folder. */
export interface ProviderDefinition extends ProviderDescription {
  /** Undefined without credentials. Throws ConfigurationError for contradicting variables. */
  open(tools: ProviderTools): Provider | undefined;
}

/** The tokens of a consent, sealed before they are stored. */
export interface Tokens {
  accessToken: string;
  /** Absent where access tokens themselves are renewed. */
  refreshToken?: string;
  /** Expiry of the access token; null = none. */
  expiresAt: Date | null;
}

/** What a user agreed to. */
export interface Consent {
  tokens: Tokens;
  /** The granted scopes. */
  scopes: string[];
  /** The user; the id is the provider's and never changes. */
  person: { id: string; name: string };
}

/** An account as its provider lists it. */
export interface ProviderAccount {
  externalId: string;
  name: string;
  /** ISO 4217 code; null where nothing has a price. */
  currency: string | null;
  /** IANA name. */
  timeZone: string;
  /** Whether it is usable at the provider. */
  isActive: boolean;
  /** Why it is not; absent = it is closed. */
  inactiveFault?: FaultCode;
  /** What the provider needs besides the id, such as a manager account. */
  access: Record<string, string>;
}

/** How often people did something, as a decimal, by the provider's word for it. */
export interface ActionCount {
  type: string;
  value: string;
}

/** What is copied by day. */
export type HistoryKind = 'analytics' | 'campaigns' | 'search' | 'places' | 'posts';

/** How daily figures behave, for copying them. */
export interface DailyHistory {
  kind: HistoryKind;
  /** Days for which figures may still change: conversions count on the day of the click. */
  restatedDays: number;
  /** How many days after a day has ended it is reported; 0 when left out. */
  lagDays?: number;
  /** How many months back days are available. */
  months: number;
  /**
   * Returns what a campaign with this objective is for, among its actions. Given where the provider names actions: what it
   * does not name there is not zero but unknown.
   */
  resultOf?(objective: string | null, actions: Record<string, string>): ActionCount | null;
}

/**
 * An open provider. Methods and readers throw TokenRefused, ReconnectRequired when consent is gone, RateLimited,
 * Forbidden for missing rights, and ProviderUnavailable for everything else, unknown forms included.
 */
export interface Provider extends ProviderDescription {
  /** How long before its expiry the job renews an access token. */
  renewBeforeMs: number;
  /** Returns the consent page. `codeChallenge` is the S256 challenge of PKCE, where supported. */
  authorizeUrl(request: { redirectUri: string; state: string; codeChallenge: string }): string;
  /** Throws InvalidInput for an unknown code, Forbidden when a required scope was not granted. */
  exchangeCode(callback: { code: string; redirectUri: string; codeVerifier: string }): Promise<Consent>;
  /** Throws ReconnectRequired when only the user can help. */
  refresh(tokens: Tokens): Promise<Tokens>;
  /** Revokes our access. */
  revoke(tokens: Tokens): Promise<void>;
  /** Returns every account the user can open, without managers. */
  listAccounts(accessToken: string): Promise<ProviderAccount[]>;
  readers: Partial<Readers>;
  /** What `breakdown` is read by. */
  breakdowns?: readonly Breakdown[];
  /** Returns why a campaign has no parts of a kind, for users, where the provider has none: nothing is asked then. */
  whyWithout?(part: CampaignPart, campaign: Pick<CampaignRow, 'type'>): string | undefined;
  /** Given where days are copied. */
  history?: DailyHistory;
}
