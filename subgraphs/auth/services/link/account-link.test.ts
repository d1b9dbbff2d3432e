import { expect, it } from '@jest/globals';
import { parseConfig } from '#runtime/config/config.js';
import { accountLink } from './account-link.js';

const publicUrl = () => 'https://metrics.example.com';

it.each([
  ['a page of the gateway', undefined, 'https://metrics.example.com/verify-email?token=abc'],
  ['a page of the dashboard', 'https://app.example.com/', 'https://app.example.com/verify-email?token=abc'],
  ['one below a path', 'https://example.com/app', 'https://example.com/app/verify-email?token=abc'],
])('an account link leads to %s', (_where, dashboardUrl, expected) => {
  const config = parseConfig({ DASHBOARD_URL: dashboardUrl });
  expect(accountLink({ config, publicUrl }, { page: 'verify-email', token: 'abc' })).toBe(expected);
});
