import { googleAds } from './google-ads/index.js';
import { googleOauth } from './google-oauth/index.js';
import { linkedin, linkedinOauth } from './linkedin/index.js';
import { meta, metaOauth } from './meta/index.js';
import type { SimulatedProvider } from './provider.js';
import { x, xOauth } from './x/index.js';

/** Every simulated provider. Where two share a host, the more particular one stands first. */
export const providers: readonly SimulatedProvider[] = [
  googleOauth,
  googleAds,
  metaOauth,
  meta,
  linkedinOauth,
  linkedin,
  xOauth,
  x,
];
