import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { isInstalled } from '#ops/testing/is-installed.js';
import { schemaFile } from './type-definitions.js';

const run = promisify(execFile);
const manual = readFileSync(schemaFile('manual/webhooks.md'), 'utf8');

/** Returns the example of a language in the manual. */
function example(language: string): string {
  const [, code] = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(manual) ?? [];
  if (!code) throw new Error(`The manual has no example in ${language}.`);
  return code;
}

const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const other = `whsec_${Buffer.from('fedcba9876543210fedcba9876543210').toString('base64')}`;
const body = '{"type":"report.ready","data":{"title":"Überblick – October"}}';
const now = new Date();
const seconds = (at: Date) => String(Math.floor(at.getTime() / 1000));
const headersOf = (signatures: string[], at = now) => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': seconds(at),
  'webhook-signature': signatures.join(' '),
});
const signature = (key: string, at = now) => new Webhook(key).sign('msg_1', at, body);
const stale = new Date(now.getTime() - 400_000);

const accepted = [
  ['one signature', headersOf([signature(secret)])],
  ['those of a rotation', headersOf([signature(other), signature(secret)])],
  ['one of an unknown version beside it', headersOf(['v2,abc', signature(secret)])],
] as const;
const refused = [
  ['another secret', headersOf([signature(other)])],
  ['a request that is too old', headersOf([signature(secret, stale)], stale)],
  ['another id', { ...headersOf([signature(secret)]), 'webhook-id': 'msg_2' }],
  ['another version', headersOf([signature(secret).replace('v1,', 'v2,')])],
  ['no signature', headersOf([])],
] as const;

const folder = mkdtempSync(join(tmpdir(), 'webhooks-manual-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** Each program prints the type of the event, and fails when the example refuses the request. */
const languages = [
  {
    language: 'js',
    program: process.execPath,
    script: () =>
      file(
        'verify.mjs',
        `${example('js')}\nconst { secret, headers, body } = JSON.parse(process.argv[2]);
         console.log(verifyWebhook(secret, headers, body).type);`,
      ),
  },
  {
    language: 'python',
    program: 'python3',
    script: () =>
      file(
        'verify.py',
        `${example('python')}\nimport sys\ngiven = json.loads(sys.argv[1])
print(verify_webhook(given["secret"], given["headers"], given["body"].encode())["type"])\n`,
      ),
  },
];

describe.each(languages)('the example of the manual in $language', ({ program, script }) => {
  const test = isInstalled(program) ? it : it.skip;
  const verify = (headers: object) => run(program, [script(), JSON.stringify({ secret, headers, body })]);

  test.each(accepted)('accepts %s', async (_what, headers) => {
    expect((await verify(headers)).stdout.trim()).toBe('report.ready');
  });

  test.each(refused)('refuses %s', async (_what, headers) => {
    await expect(verify(headers)).rejects.toThrow(/too old|not signed/);
  });
});

(isInstalled('openssl', 'version') ? it : it.skip)(
  'the example of the manual in a shell prints the signature',
  async () => {
    const script = `${example('sh')}\nsign_webhook "$@"`;
    const values = [secret, 'msg_1', seconds(now), file('body', body)];
    const { stdout } = await run('sh', ['-c', script, 'sh', ...values]);
    expect(`v1,${stdout.trim()}`).toBe(signature(secret));
  },
);
