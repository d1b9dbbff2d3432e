import { wholeNumber } from './variables.js';

/** What the installation allows API keys. */
export interface ApiKeyConfig {
  /** The longest life of a key, in days. */
  apiKeyMaxDays: number;
}

export const apiKeyVariables = {
  API_KEY_MAX_DAYS: wholeNumber(365, 36_500),
};

/** Returns the parsed settings in our words. */
export function apiKeyConfig(given: { API_KEY_MAX_DAYS: number }): ApiKeyConfig {
  return { apiKeyMaxDays: given.API_KEY_MAX_DAYS };
}
