import { describe, expect, it } from '@jest/globals';
import { type OwnPages, problemOfPage } from './allowed-page.js';

const PUBLIC = 'https://metrics.example.com';
const problemWith = (page: string, config: Partial<OwnPages['config']> = {}) =>
  problemOfPage(page, {
    config: {
      allowedOrigins: ['https://app.example.com'],
      isProduction: true,
      dashboardUrl: undefined,
      hasDashboard: true,
      ...config,
    },
    publicUrl: () => PUBLIC,
  });

const FOREIGN = 'must be a page of an origin in ALLOWED_ORIGINS, or of the dashboard';

describe('problemOfPage', () => {
  it('takes the pages of allowed origins, of DASHBOARD_URL, and of the dashboard of the gateway', () => {
    const dashboardUrl = 'https://www.example.com/metrics';
    const pages = [
      'https://app.example.com/any?page=1',
      `${PUBLIC}/app`,
      `${PUBLIC}/app/connections/complete`,
      `${dashboardUrl}/complete-connection`,
    ];
    expect(pages.map((page) => problemWith(page, { dashboardUrl }))).toEqual(pages.map(() => undefined));
  });

  it.each([
    'https://evil.example/app',
    'https://metrics.example.com.evil.example/app',
    'http://metrics.example.com/app',
    'https://metrics.example.com:8443/app',
    `${PUBLIC}/application`,
    `${PUBLIC}/app/../shared/token`,
    `${PUBLIC}/`,
    'https://www.example.com/metrics-of-others',
  ])('refuses %s', (page) => {
    expect(problemWith(page, { dashboardUrl: 'https://www.example.com/metrics' })).toBe(FOREIGN);
  });

  it('refuses the pages of a dashboard that is off', () => {
    expect(problemWith(`${PUBLIC}/app/connections`, { hasDashboard: false })).toBe(FOREIGN);
  });

  it('refuses what is no page, and what hides its host', () => {
    const pages = ['javascript:alert(1)', '//evil.example', 'https://metrics.example.com@evil.example/app'];
    expect(pages.map((page) => problemWith(page))).toEqual([
      'must be the address of a page',
      'must be the address of a page',
      'must not contain a user name or a password',
    ]);
  });
});
