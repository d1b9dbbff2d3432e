import { businessProfile } from './business-profile/index.js';
import { ecb } from './ecb/index.js';
import { gemini } from './gemini/index.js';
import { googleAds } from './google-ads/index.js';
import { googleAnalytics } from './google-analytics/index.js';
import { googleOauth } from './google-oauth/index.js';
import { linkedin, linkedinOauth } from './linkedin/index.js';
import { meta, metaOauth } from './meta/index.js';
import type { SimulatedProvider } from './provider.js';
import { searchConsole } from './search-console/index.js';
import { stripe, stripePages } from './stripe/index.js';
import { x, xOauth } from './x/index.js';

/** Every simulated provider; where two share a host, the more specific one comes first. */
export const providers: readonly SimulatedProvider[] = [
  googleOauth,
  googleAds,
  googleAnalytics,
  searchConsole,
  businessProfile,
  metaOauth,
  meta,
  linkedinOauth,
  linkedin,
  xOauth,
  x,
  ecb,
  gemini,
  stripe,
  stripePages,
];
