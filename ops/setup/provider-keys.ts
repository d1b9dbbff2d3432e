import type { Setting } from './settings-list.js';

/** The credentials of one client at a provider, and where the provider is. */
export interface ProviderKeys {
  /** As people know it; where two clients lead to it, what sets this one apart. */
  name: string;
  /** The variables of its two halves: both are set, or neither. */
  clientId: string;
  clientSecret: string;
  /** Further variables of the provider. */
  others: Setting[];
  /** Hosts it is asked on, each with the variable that puts another address in its place. */
  hosts: { host: string; variable: string }[];
  /** Whether it is asked for: clients few need are given as flags. */
  isAsked: boolean;
}

/**
 * What an operator can set of providers. Their own settings stand in `subgraphs/integrations/providers/<id>/config.ts`, a
 * floor above this one; a test beside them fails when the two differ.
 */
export const providerKeys: ProviderKeys[] = [
  {
    name: 'Google',
    clientId: 'GOOGLE_CLIENT_ID',
    clientSecret: 'GOOGLE_CLIENT_SECRET',
    isAsked: true,
    others: [
      { name: 'GOOGLE_OAUTH_AUTH_BASE', purpose: 'Base address of the consent page at Google' },
      { name: 'GOOGLE_OAUTH_TOKEN_BASE', purpose: "Base address of Google's tokens" },
    ],
    hosts: [
      { host: 'accounts.google.com', variable: 'GOOGLE_OAUTH_AUTH_BASE' },
      { host: 'oauth2.googleapis.com', variable: 'GOOGLE_OAUTH_TOKEN_BASE' },
    ],
  },
  {
    name: 'Google Ads (a client of its own)',
    clientId: 'GOOGLE_ADS_CLIENT_ID',
    clientSecret: 'GOOGLE_ADS_CLIENT_SECRET',
    isAsked: false,
    others: [
      { name: 'GOOGLE_ADS_DEVELOPER_TOKEN', purpose: 'Developer token sent to Google Ads', isSecret: true },
      { name: 'GOOGLE_ADS_VERSION', purpose: 'Version of the Google Ads API' },
      { name: 'GOOGLE_ADS_BASE', purpose: 'Base address of the Google Ads API' },
    ],
    hosts: [
      { host: 'accounts.google.com', variable: 'GOOGLE_OAUTH_AUTH_BASE' },
      { host: 'googleads.googleapis.com', variable: 'GOOGLE_ADS_BASE' },
    ],
  },
  {
    name: 'Meta',
    clientId: 'META_CLIENT_ID',
    clientSecret: 'META_CLIENT_SECRET',
    isAsked: true,
    others: [
      { name: 'META_VERSION', purpose: "Version of Meta's Graph and Marketing API" },
      { name: 'META_GRAPH_BASE', purpose: "Base address of Meta's Graph API" },
      { name: 'META_DIALOG_BASE', purpose: 'Base address of the consent page at Meta' },
    ],
    hosts: [
      { host: 'graph.facebook.com', variable: 'META_GRAPH_BASE' },
      { host: 'www.facebook.com', variable: 'META_DIALOG_BASE' },
    ],
  },
];
