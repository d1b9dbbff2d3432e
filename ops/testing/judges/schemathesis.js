import { pythonTool, run } from './tools.js';

/** What a session runs does not include: it would end the session, by itself or as the 51st of its user. */
const ENDING_SESSIONS = [
  ...[
    'logIn',
    'completeLogIn',
    'refreshSession',
    'signUp',
    'completeSignUp',
    'switchOrganization',
    'createOrganization',
  ],
  ...['logOut', 'logOutEverywhere', 'endOtherSessions', 'endSession', 'requireTwoFactor', 'leaveOrganization'],
];
const PHASES = 'examples,coverage,fuzzing';

/** Property tests of every operation of `/openapi.json`, with an API key and with a session. */
export async function judgeBySchemathesis({ url, apiKey, logIn }) {
  const excluded = ENDING_SESSIONS.flatMap((id) => ['--exclude-operation-id', id]);
  const runs = [
    { name: 'an API key', credential: apiKey, more: [] },
    { name: 'a session', credential: await logIn(), more: excluded },
  ];
  const failed = [];
  for (const { name, credential, more } of runs) {
    process.stdout.write(`With ${name}:\n`);
    const options = ['--config-file', 'schemathesis.toml', 'run', `${url}/openapi.json`];
    const limits = ['--phases', PHASES];
    const env = {
      CREDENTIAL: credential,
      PRODUCT_URL: url,
      PYTHONPATH: '.',
      SCHEMATHESIS_HOOKS: 'schemathesis_hooks',
    };
    await run(pythonTool('schemathesis'), [...options, ...limits, ...more], { env }).catch(() => failed.push(name));
  }
  if (failed.length > 0) throw new Error(`Schemathesis found faults with ${failed.join(' and ')}.`);
}
