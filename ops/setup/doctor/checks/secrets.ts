import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeGoLive, type Check, type CheckContext } from '#ops/setup/doctor/check.js';
import { type Finding, ok, warning } from '#ops/setup/doctor/finding.js';

const ANYBODY_ELSE = 0o077;

function kept({ config, environment, isProduction }: CheckContext): Finding[] {
  if (isProduction || (environment.JWT_SECRET && environment.TOKEN_ENCRYPTION_KEY)) return [];
  const file = join(config.dataDir, 'secrets.json');
  if (!existsSync(file)) return [ok('The first start generates them')];
  if (process.platform !== 'win32' && statSync(file).mode & ANYBODY_ELSE) {
    return [warning(`${file} can be read by other users of this machine`, `chmod 600 ${file}`)];
  }
  return [ok(`Generated ones are kept in ${file}`)];
}

/** Checks the keys. Their strength is validated with the settings. */
export const secrets: Check = {
  name: 'Secrets',
  run: async (context) => {
    const { environment, isProduction, problems } = context;
    const findings = kept(context);
    if (environment.TOKEN_ENCRYPTION_KEY_PREVIOUS) {
      const advice = 'Run npm run rotate-keys until nothing is left, then take TOKEN_ENCRYPTION_KEY_PREVIOUS out.';
      findings.push(warning('A previous key still opens provider tokens', advice));
    }
    for (const name of ['JWT_SECRET_PREVIOUS', 'INTERNAL_JWT_SECRET_PREVIOUS']) {
      if (!environment[name]) continue;
      const advice = `Take ${name} out once every process signs with the new one, and another 15 minutes have passed.`;
      findings.push(warning('A previous key still vouches for tokens', advice));
    }
    if (isProduction && !environment.OPERATOR_TOKEN && !environment.OPERATOR_ORGANIZATION) {
      const message = 'There is no operator: /metrics, /jobs and the details of /api/status are closed to all';
      findings.push(beforeGoLive(context, message, 'Set OPERATOR_TOKEN, for example from `openssl rand -hex 32`.'));
    }
    const names = ['JWT_SECRET', 'TOKEN_ENCRYPTION_KEY'];
    const isWrong = problems.some(({ argument }) => names.includes(argument));
    if (!isWrong && names.every((name) => environment[name])) findings.unshift(ok(`${names.join(' and ')} are set`));
    return findings;
  },
};
