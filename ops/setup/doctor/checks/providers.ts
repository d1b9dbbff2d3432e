import { ask, type Check, type CheckContext } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { type ProviderKeys, providerKeys } from '#ops/setup/provider-keys.js';
import { reasonOf } from '#runtime/log/reason-of.js';

async function reach({ name, hosts }: ProviderKeys, { environment, signal }: CheckContext): Promise<Finding[]> {
  const bases = hosts.map(({ host, variable }) => environment[variable] || `https://${host}`);
  const findings = await Promise.all(
    bases.map(async (base): Promise<Finding[]> => {
      try {
        await ask(base, signal, 'HEAD');
        return [];
      } catch (error) {
        const advice = 'Let this machine reach it, directly or through a proxy.';
        return [warning(`${name}: ${new URL(base).host} cannot be reached (${reasonOf(error)})`, advice)];
      }
    }),
  );
  return findings.flat();
}

async function look(keys: ProviderKeys, context: CheckContext): Promise<Finding[]> {
  const { environment, isProduction } = context;
  const { name, clientId, clientSecret, isAsked } = keys;
  if (environment[clientId] && environment[clientSecret]) {
    const unreachable = await reach(keys, context);
    return unreachable.length > 0 ? unreachable : [ok(`${name} has credentials, and can be reached`)];
  }
  // An optional client, and half a pair, which is a problem of its own.
  if (!isAsked || environment[clientId] || environment[clientSecret]) return [];
  if (!isProduction) return [ok(`${name} is simulated`)];
  return [warning(`${name} has no credentials, and is not offered`, `Set ${clientId} and ${clientSecret}.`)];
}

export const providers: Check = {
  name: 'Providers',
  run: async (context) => {
    const wrong = context
      .findSubgraphProblems(context.config)
      .map(({ argument, problem: what }) => problem(`${argument} ${what}`, `Correct ${argument}.`));
    const found = await Promise.all(providerKeys.map((keys) => look(keys, context)));
    return [...wrong, ...found.flat()];
  },
};
