import { type Config, type Environment, parseConfig } from '#runtime/config/config.js';
import { ConfigurationError, type Problem } from '#runtime/errors.js';

/** Settings as far as they can be read. */
export interface ReadSettings {
  problems: Problem[];
  config: Config;
}

/**
 * Returns what the variables say and everything that is wrong with them. A wrong one counts as absent, so that the rest
 * of an installation can be looked over all the same.
 */
export function readSettings(environment: Environment, subgraphNames: readonly string[]): ReadSettings {
  try {
    return { problems: [], config: parseConfig(environment, subgraphNames) };
  } catch (error) {
    if (!(error instanceof ConfigurationError) || !error.details) throw error;
    const wrong = new Set(error.details.map(({ argument }) => argument));
    const rest = Object.entries(environment).filter(([name]) => !wrong.has(name));
    // What production asks for besides is among the problems by now.
    const config = parseConfig({ ...Object.fromEntries(rest), NODE_ENV: 'development' }, subgraphNames);
    return { problems: error.details, config };
  }
}
