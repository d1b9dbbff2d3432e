import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { parseConfig } from '#runtime/config/config.js';
import { welcome } from './welcome.js';

const url = 'http://localhost:8080';
const config = parseConfig({ DATA_DIR: '/srv/webmetrics' });
const demo = { email: 'demo@example.com', password: 'correct-horse', organizationId: 'one' };
const shown = (options: Partial<Parameters<typeof welcome>[0]> = {}) =>
  welcome({ url, simulatorUrl: undefined, demo: undefined, config, operatorToken: undefined, ...options });

describe('the welcome', () => {
  it('names addresses and how to stop', () => {
    const text = shown();
    for (const part of [`${url}/graphql`, `${url}/health`, `${url}/ready`, '/srv/webmetrics', 'Ctrl-C']) {
      expect(text).toContain(part);
    }
  });

  it('names the dashboard only when it is served', () => {
    expect(shown()).toContain(`Dashboard   ${url}/\n`);
    expect(shown({ config: { ...config, hasDashboard: false } })).not.toContain('Dashboard');
  });

  it('names the simulator only when there is one', () => {
    expect(shown({ simulatorUrl: 'http://localhost:8090' })).toContain('simulated at http://localhost:8090');
    expect(shown()).not.toContain('simulated');
  });

  it('shows a request that signs in', () => {
    const text = shown({ demo });
    expect(text).toContain('demo@example.com / correct-horse');
    const body = /curl .* -d '([^']+)'/.exec(text)?.[1] ?? '';
    const { query } = JSON.parse(body) as { query: string };
    expect(query).toContain('logIn(email: "demo@example.com", password: "correct-horse")');
    expect(() => parse(query)).not.toThrow();
  });

  it('names what is missing in an incomplete demo, and shows its log-in', () => {
    const text = shown({ demo: { ...demo, incomplete: '6 of 7 providers' } });
    expect(text).toContain('demo: 6 of 7 providers, continues at the next start');
    expect(text).toContain('demo@example.com / correct-horse');
    expect(shown({ demo })).not.toContain('continues');
  });

  it('says how long the trial of the demo goes on, and what then', () => {
    const trialEndsAt = '2026-12-14T10:00:00Z';
    const subscribed = (status: string, now: string) =>
      shown({ demo, subscription: { status, trialEndsAt, plan: { name: 'Pro' } }, now: new Date(now) });
    expect(subscribed('TRIALING', '2026-11-30T10:00:01Z')).toContain('Trial of Pro, 14 days left');
    expect(subscribed('TRIALING', '2026-12-14T09:00:00Z')).toContain('Trial of Pro, 1 day left');
    expect(subscribed('TRIAL_ENDED', '2026-12-15T09:00:00Z')).toContain('startCheckout');
    expect(subscribed('ACTIVE', '2026-12-15T09:00:00Z')).toContain('Pro (ACTIVE)');
    expect(shown({ demo })).not.toContain('Demo plan');
  });

  it('shows the operator token only when it was generated', () => {
    const operatorToken = 'for those who run it';
    expect(shown({ operatorToken })).toContain(operatorToken);
    const given = parseConfig({ OPERATOR_TOKEN: 'abcdefghijklmnopqrstuvwxyz0123456789' });
    expect(shown({ operatorToken, config: given })).not.toContain(operatorToken);
  });

  it('shows no log-in without a demo', () => {
    expect(shown()).not.toMatch(/sign in|curl/i);
  });

  it('never shows the address of the database, which has a password in it', () => {
    const text = shown({ config: parseConfig({ DATABASE_URL: 'postgres://user:secret@db/webmetrics' }) });
    expect(text).toContain('your PostgreSQL');
    expect(text).not.toContain('secret');
  });

  it('offers the explorer where there is one', () => {
    expect(shown({ config: parseConfig({ EXPLORER: 'off' }) })).not.toContain('explorer');
    expect(shown()).toContain('explorer');
  });
});
