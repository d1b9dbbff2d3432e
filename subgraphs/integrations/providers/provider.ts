import type { Governor } from '#integrations/quota/governor.js';
import type { Services } from '#runtime/services.js';
import type { Readers } from './products.js';

// The one shape of every provider. A new one is a folder beside this file that exports a ProviderDefinition, and its
// line in index.ts; describe-provider.ts is the contract it must pass.

/** What is known of a provider without connecting to it. */
export interface ProviderDescription {
  /** Stable, and the name of its folder: `google-ads`. */
  id: string;
  /** The name people know it by; begins every error message about it. */
  name: string;
  /** What we read from it: `campaigns`. */
  products: string[];
  /** The permissions we ask for, in the provider's own words. */
  scopes: string[];
  /** Shared by providers of which a person gives one consent: revoking one revokes all. Absent = a consent of its own. */
  consentFamily?: string;
}

/** What an installation gives a provider to work with. */
export type ProviderTools = Pick<Services, 'config' | 'http' | 'simulatorUrl' | 'now'> & {
  /** Keeps requests within the provider's limits; absent = nothing is held back. */
  governor?: Governor;
};

/** What a provider's folder exports. */
export interface ProviderDefinition extends ProviderDescription {
  /**
   * Returns the provider ready for use, or undefined when this installation has no credentials for it. Throws
   * ConfigurationError when its variables contradict each other.
   */
  open(tools: ProviderTools): Provider | undefined;
}

/** What lets us act for a person. Sealed before it is stored. */
export interface Tokens {
  accessToken: string;
  /** Absent where the provider knows none and the access token itself is renewed. */
  refreshToken?: string;
  /** When the access token ends; null = it does not. */
  expiresAt: Date | null;
}

/** What a person agreed to. */
export interface Consent {
  tokens: Tokens;
  /** The permissions that were granted, in the provider's own words. */
  scopes: string[];
  /** Who agreed. The id is the provider's and never changes. */
  person: { id: string; name: string };
}

/** An account as its provider knows it. */
export interface ProviderAccount {
  externalId: string;
  name: string;
  /** ISO 4217 code; null where nothing has a price. */
  currency: string | null;
  /** IANA name. */
  timeZone: string;
  /** Whether it can be used at the provider. */
  isActive: boolean;
  /** What the provider needs besides the id to open it, such as the manager it is reached through. */
  access: Record<string, string>;
}

/** How a provider's daily figures of campaigns behave, for whoever keeps a copy of them. */
export interface DailyHistory {
  /** For how many days after a day its figures may still change: a conversion is counted on the day of the click. */
  restatedDays: number;
  /** How many months back it tells about days. */
  months: number;
}

/**
 * A provider that can be asked. All methods, and the answers of its readers, fail alike: TokenRefused when the access token is not taken,
 * ReconnectRequired when the consent is gone, RateLimited, Forbidden when the person may not see it, ProviderUnavailable
 * for everything that is the provider's fault, answers in an unknown form included.
 */
export interface Provider extends ProviderDescription {
  /** The job renews an access token this long before it ends. */
  renewBeforeMs: number;
  /** Returns the address of the consent page. `codeChallenge` is the S256 challenge of PKCE, for providers that know it. */
  authorizeUrl(request: { redirectUri: string; state: string; codeChallenge: string }): string;
  /**
   * Exchanges the code of a callback. Throws InvalidInput when the provider does not know the code (any more), and
   * Forbidden when the person left out a permission that is needed.
   */
  exchangeCode(callback: { code: string; redirectUri: string; codeVerifier: string }): Promise<Consent>;
  /** Returns tokens that work longer. Throws ReconnectRequired when only the person can help. */
  refresh(tokens: Tokens): Promise<Tokens>;
  /** Gives our access back. */
  revoke(tokens: Tokens): Promise<void>;
  /** Returns every account the person can open, those that only group others left out. */
  listAccounts(accessToken: string): Promise<ProviderAccount[]>;
  /** What it can be asked for. */
  readers: Partial<Readers>;
  /** Given by one that has `campaigns` and `campaignDays`: its days are copied. */
  history?: DailyHistory;
}
