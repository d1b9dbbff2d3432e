import { type Config, type Environment, parseConfig } from '#runtime/config/config.js';
import { ConfigurationError, type Problem } from '#runtime/errors.js';

export interface ReadSettings {
  problems: Problem[];
  config: Config;
}

/** Returns the valid settings and the problems of all others, which count as absent. */
export function readSettings(environment: Environment, subgraphNames: readonly string[]): ReadSettings {
  try {
    return { problems: [], config: parseConfig(environment, subgraphNames) };
  } catch (error) {
    if (!(error instanceof ConfigurationError) || !error.details) throw error;
    const wrong = new Set(error.details.map(({ argument }) => argument));
    const rest = Object.entries(environment).filter(([name]) => !wrong.has(name));
    // Problems of production are reported already.
    const config = parseConfig({ ...Object.fromEntries(rest), NODE_ENV: 'development' }, subgraphNames);
    return { problems: error.details, config };
  }
}
