import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Environment } from '#runtime/config/config.js';
import { openPrompter } from './ask.js';
import { interview } from './interview.js';

const plain = (_colour: string, text: string) => text;

async function talk(lines: string[], existing: Environment = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const prompter = openPrompter(input, output);
  // All at once, as a pipe does it.
  input.end(lines.map((line) => `${line}\n`).join(''));
  try {
    const { answers, hasCompose } = await interview(prompter, plain, existing);
    return { answers, hasCompose, output: String(output.read()) };
  } finally {
    prompter.close();
  }
}

describe('the questions of a setup', () => {
  it('make an installation to try out of nothing but Enter', async () => {
    const { answers } = await talk(['no', ...Array<string>(16).fill('')]);
    expect(Object.fromEntries(Object.entries(answers).filter(([, value]) => value))).toEqual({ PORT: '8080' });
  });

  it('make one for production', async () => {
    const { answers, output } = await talk([
      ...['yes', 'no', '9000', 'metrics.acme.io', ''],
      ...['postgres://u:p@db/webmetrics', 'redis://cache', '', 'smtps://mail.acme.io', '', 'ops@acme.io'],
      ...['google-id', 'google-secret', '', '', '', 'a key', 'AIzaSyD-0123456789abcdefghijklmnopqrstu'],
      ...['sk_test_0123456789abcdef', 'whsec_0123456789abcdef', '', ''],
    ]);
    expect(answers).toMatchObject({
      NODE_ENV: 'production',
      PORT: '9000',
      PUBLIC_URL: 'https://metrics.acme.io',
      ALLOWED_ORIGINS: 'https://metrics.acme.io',
      DATABASE_URL: 'postgres://u:p@db/webmetrics',
      REDIS_URL: 'redis://cache',
      MONGODB_URL: '',
      MAIL_FROM: 'WebMetrics <no-reply@metrics.acme.io>',
      ALERT_MAIL_TO: 'ops@acme.io',
      GOOGLE_CLIENT_ID: 'google-id',
      GOOGLE_CLIENT_SECRET: 'google-secret',
    });
    expect(output).not.toContain('BACKUP');
    expect(answers.GEMINI_API_KEY).toBe('AIzaSyD-0123456789abcdefghijklmnopqrstu');
    expect(output).toContain('GEMINI_API_KEY must be an API key of Google AI Studio.');
    expect(answers).toMatchObject({
      STRIPE_SECRET_KEY: 'sk_test_0123456789abcdef',
      STRIPE_WEBHOOK_SECRETS: 'whsec_0123456789abcdef',
    });
  });

  it('repeat with the reason after an invalid answer', async () => {
    const { answers, output } = await talk([
      ...['maybe', 'yes', 'no', 'http', '9000', 'metrics acme', 'metrics.acme.io', 'app.acme.io', ''],
      ...['', 'mysql://db', 'postgres://u:password@db/webmetrics', 'postgres://u:p@db/webmetrics'],
      ...Array<string>(11).fill(''),
    ]);
    for (const reason of [
      'Say yes or no.',
      'PORT must be a port number.',
      'The domain must look like',
      'ALLOWED_ORIGINS must list origins',
      'This is needed.',
      'DATABASE_URL must be a URL that begins with postgres://',
      'DATABASE_URL must not have a password that everybody knows',
    ]) {
      expect(output).toContain(reason);
    }
    expect(answers.DATABASE_URL).toBe('postgres://u:p@db/webmetrics');
  });

  it('leave the services to docker compose', async () => {
    const { answers, hasCompose, output } = await talk([
      'yes',
      'yes',
      '',
      'metrics.acme.io',
      ...Array<string>(9).fill(''),
    ]);
    expect(hasCompose).toBe(true);
    expect(answers.DATABASE_URL).toBeUndefined();
    expect(output).not.toContain('Redis for caches');
  });

  it('offer the current value without its password, and remove it for a dash', async () => {
    const existing = {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://metrics.acme.io',
      ALLOWED_ORIGINS: 'https://metrics.acme.io',
      DATABASE_URL: 'postgres://u:hunter2@db/webmetrics',
      REDIS_URL: 'redis://:hunter2@cache',
      META_CLIENT_ID: 'id',
      META_CLIENT_SECRET: 'hunter2',
    };
    const { answers, output } = await talk(['', '', '', '', '', '', '-', ...Array<string>(11).fill('')], existing);
    expect(answers).toMatchObject({ ...existing, REDIS_URL: '' });
    expect(output).not.toContain('hunter2');
  });

  it('change nothing when the answers end too early', async () => {
    await expect(talk(['yes', 'no'])).rejects.toThrow('There were no more answers: nothing was changed.');
  });
});
