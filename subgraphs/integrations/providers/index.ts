import { uniqBy } from 'es-toolkit/array';
import { openReferenceRates } from '#integrations/reference-rates/index.js';
import type { Config } from '#runtime/config/config.js';
import { ConfigurationError, InvalidInput, type Problem } from '#runtime/errors.js';
import { HttpClient } from '#runtime/http/http-client.js';
import { businessProfile } from './business-profile/index.js';
import { googleAds } from './google-ads/index.js';
import { googleAnalytics } from './google-analytics/index.js';
import { linkedInAds } from './linkedin-ads/index.js';
import { metaAds } from './meta-ads/index.js';
import type { Provider, ProviderDefinition, ProviderDescription, ProviderTools } from './provider.js';
import { searchConsole } from './search-console/index.js';
import { x } from './x/index.js';

/** Every provider: one folder, one line. */
export const providerDefinitions: ProviderDefinition[] = [
  googleAds,
  googleAnalytics,
  searchConsole,
  businessProfile,
  metaAds,
  linkedInAds,
  x,
];

/** The providers of this installation. */
export interface Providers {
  all: Provider[];
  /** Undefined when it is not configured. */
  find(id: string): Provider | undefined;
  /** Throws InvalidInput when it is not configured. */
  get(id: string): Provider;
}

/** Opens the providers with credentials; outside production the simulator stands in for the others. */
export function openProviders(tools: ProviderTools): Providers {
  const all = providerDefinitions.flatMap((definition) => definition.open(tools) ?? []);
  const find = (id: string) => all.find((provider) => provider.id === id);
  return {
    all,
    find,
    get(id) {
      const provider = find(id);
      if (provider) return provider;
      throw new InvalidInput([{ argument: 'providerId', problem: 'is not a provider that can be connected' }]);
    },
  };
}

/** Returns the providers that share this one's consent, itself included. */
export function sharersOfConsent(id: string): string[] {
  const { consentFamily } = describeProviderById(id);
  if (!consentFamily) return [id];
  return providerDefinitions.filter((one) => one.consentFamily === consentFamily).map((one) => one.id);
}

/** Describes a provider, also a removed one that connections still name. */
export function describeProviderById(id: string): ProviderDescription {
  const definition = providerDefinitions.find((candidate) => candidate.id === id);
  return definition ?? { id, name: id, products: [], scopes: [] };
}

/** Returns the ids of accounts at a provider that a text may mean, the text itself first. */
export function externalIdsOf(providerId: string, text: string): string[] {
  const others = describeProviderById(providerId).externalIdsOf?.(text) ?? [];
  return [...new Set([text, ...others])];
}

/** Returns invalid settings of the providers, that of reference rates included. */
export function findProviderProblems(config: Config): Problem[] {
  // Opening a provider sends no request.
  const http = new HttpClient();
  const tools = { config, http, simulatorUrl: undefined, now: () => new Date() };
  const problems = [...providerDefinitions, { open: openReferenceRates }].flatMap((definition) => {
    try {
      definition.open(tools);
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError && error.details) return error.details;
      throw error;
    }
  });
  void http.close();
  // Providers may share variables.
  return uniqBy(problems, ({ argument }) => argument);
}
