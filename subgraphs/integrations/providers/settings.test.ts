import { describe, expect, it } from '@jest/globals';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';
import { readSettings as readBusinessProfile } from './business-profile/config.js';
import { readSettings as readGoogleAds } from './google-ads/config.js';
import { readSettings as readGoogleAnalytics } from './google-analytics/config.js';
import { readSettings as readMetaAds } from './meta-ads/config.js';
import type { ProviderTools } from './provider.js';
import { readSettings as readSearchConsole } from './search-console/config.js';

const toolsWith = (environment: Environment): ProviderTools => ({
  config: parseConfig({ NODE_ENV: 'test', ...environment }),
  http: undefined as never,
  simulatorUrl: 'http://127.0.0.1:8090',
  now: () => new Date(),
});

describe('provider settings', () => {
  it('point at the simulator without credentials', () => {
    expect(readGoogleAds(toolsWith({}))).toMatchObject({
      client: { clientId: 'webmetrics-simulator' },
      apiBase: 'http://127.0.0.1:8090/googleads.googleapis.com',
      version: 'v25',
    });
    expect(readMetaAds(toolsWith({}))).toMatchObject({
      graphBase: 'http://127.0.0.1:8090/graph.facebook.com',
      dialogBase: 'http://127.0.0.1:8090/www.facebook.com',
      version: 'v26.0',
    });
  });

  it('point at the real service with credentials, or at the configured base', () => {
    const own = {
      GOOGLE_CLIENT_ID: 'id',
      GOOGLE_CLIENT_SECRET: 'secret',
      GOOGLE_ADS_BASE: 'https://proxy.example/ads/',
    };
    expect(readGoogleAds(toolsWith(own))).toMatchObject({
      client: { clientId: 'id', tokenBase: 'https://oauth2.googleapis.com' },
      apiBase: 'https://proxy.example/ads',
    });
  });

  it('name each host of the other Google products, and a client of their own', () => {
    const elsewhere = {
      GA4_DATA_BASE: 'https://proxy.example/data',
      GSC_BASE: 'https://proxy.example/search',
      GBP_INFO_BASE: 'https://proxy.example/places',
      GSC_CLIENT_ID: 'id',
      GSC_CLIENT_SECRET: 'secret',
    };
    const simulated = (host: string) => `http://127.0.0.1:8090/${host}.googleapis.com`;
    expect(readGoogleAnalytics(toolsWith(elsewhere))).toMatchObject({
      client: { clientId: 'webmetrics-simulator' },
      dataBase: 'https://proxy.example/data',
      adminBase: simulated('analyticsadmin'),
    });
    expect(readSearchConsole(toolsWith(elsewhere))).toMatchObject({
      client: { clientId: 'id' },
      apiBase: 'https://proxy.example/search',
    });
    expect(readBusinessProfile(toolsWith(elsewhere))).toMatchObject({
      accountBase: simulated('mybusinessaccountmanagement'),
      informationBase: 'https://proxy.example/places',
      performanceBase: simulated('businessprofileperformance'),
    });
  });

  it('never mix two pairs of credentials', () => {
    const mixed = { GOOGLE_ADS_CLIENT_ID: 'id', GOOGLE_CLIENT_ID: 'other', GOOGLE_CLIENT_SECRET: 'secret' };
    expect(() => readGoogleAds(toolsWith(mixed))).toThrow(ConfigurationError);
    expect(() => readGoogleAds(toolsWith(mixed))).toThrow('GOOGLE_ADS_CLIENT_SECRET');
  });

  it('report every problem at once', () => {
    const wrong = { META_VERSION: '26', META_GRAPH_BASE: 'graph.facebook.com', PROVIDER_TIMEOUT_MS: 'soon' };
    const read = () => readMetaAds(toolsWith(wrong));
    for (const variable of Object.keys(wrong)) expect(read).toThrow(variable);
  });
});
