import { beforeGoLive, type Check, type CheckContext } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { generatedSecrets } from '#ops/setup/generate-secrets.js';
import { findSetting, settings } from '#ops/setup/settings-list.js';
import { nearestName } from '#runtime/config/nearest-name.js';

const known = settings.map(({ name }) => name);
/** Also ours: read by `npm test`. */
const KNOWN_BESIDES = ['REQUIRE_SERVICES'];
/** Settings of other programs with such names. */
const FOREIGN = new Set(['HOME', 'HOSTNAME', 'LOGNAME', 'MAIL']);

function misspelt({ environment }: CheckContext): Finding[] {
  return Object.keys(environment).flatMap((name) => {
    if (findSetting(name) || FOREIGN.has(name) || KNOWN_BESIDES.includes(name)) return [];
    // Those of unknown subgraphs are reported with the name that was meant.
    if (/^SUBGRAPH_\w+_URL$/.test(name)) return [];
    const meant = nearestName(name, known);
    if (!meant) return [];
    return [
      warning(`${name} is not a setting, and has no effect`, `Did you mean ${meant}? Rename it, or take it out.`),
    ];
  });
}

/** Hosts reserved for examples (RFC 2606). */
function examples(context: CheckContext): Finding[] {
  const names = [
    'PUBLIC_URL',
    'ALLOWED_ORIGINS',
    'DATABASE_URL',
    'SMTP_URL',
    'MAIL_FROM',
    'SENTRY_DSN',
    'ALERT_MAIL_TO',
  ];
  return names
    .filter((name) => /(?:^|[\s,<@/.])example\.(?:com|org|net)\b/.test(context.environment[name] ?? ''))
    .map((name) => beforeGoLive(context, `${name} still has the value of an example`, `Set ${name} to your own.`));
}

function production(context: CheckContext): Finding[] {
  const { config, isGoLive, environment } = context;
  const given = environment.NODE_ENV || 'development';
  if (isGoLive && given !== 'production') {
    return [problem(`NODE_ENV is ${given}`, 'Set NODE_ENV=production: only then are unsafe defaults refused.')];
  }
  if (config.environment === 'production' && environment.DEMO_DATA === 'true') {
    return [warning('DEMO_DATA is set, but production makes no demo', 'Take DEMO_DATA out.')];
  }
  if (config.hasExplorer && !config.traffic.hasIntrospection) {
    return [warning('The explorer may not read the schema', 'Set GRAPHQL_INTROSPECTION=on, or EXPLORER=off.')];
  }
  return [];
}

function adviceOn(name: string, what: string): string {
  if (what.startsWith('names no')) return `Rename ${name}, or take it out.`;
  if (!what.startsWith('is required'))
    return `Correct ${name} in .env or in the environment; .env.example explains it.`;
  if (generatedSecrets.includes(name)) return `npm run setup generates it; or set ${name} to \`openssl rand -hex 32\`.`;
  return `Set ${name} in .env or in the environment, or by npm run setup.`;
}

export const configuration: Check = {
  name: 'Settings',
  run: async (context) => {
    const { environment, problems, isGoLive } = context;
    const given = Object.keys(environment).filter((name) => environment[name] && findSetting(name)).length;
    const wrong = problems.map(({ argument, problem: what }) =>
      problem(`${argument} ${what}`, adviceOn(argument, what)),
    );
    const mode = environment.NODE_ENV || 'development';
    const fine = ok(`${given} set, ${isGoLive ? 'looked at as for production' : `for ${mode}`}; all can be read`);
    return [...(wrong.length > 0 ? wrong : [fine]), ...production(context), ...misspelt(context), ...examples(context)];
  },
};
