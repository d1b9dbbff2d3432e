import type { Config } from '#runtime/config/config.js';
import { ConfigurationError, type Problem } from '#runtime/errors.js';
import { HttpClient } from '#runtime/http/http-client.js';
import { providerDefinitions } from './index.js';

/** Returns what is wrong with the variables of the providers: what would keep the subgraph from opening. */
export function findProviderProblems(config: Config): Problem[] {
  // Never asked: an open provider waits for somebody to connect it.
  const http = new HttpClient();
  const tools = { config, http, simulatorUrl: undefined, now: () => new Date() };
  const problems = providerDefinitions.flatMap((definition) => {
    try {
      definition.open(tools);
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError && error.details) return error.details;
      throw error;
    }
  });
  void http.close();
  // Providers of one company share variables.
  return problems.filter(({ argument }, index) => problems.findIndex((other) => other.argument === argument) === index);
}
