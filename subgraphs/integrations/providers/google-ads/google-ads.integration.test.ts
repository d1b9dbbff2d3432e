import { describeProvider } from '#integrations/providers/describe-provider.js';
import { googleAds } from './index.js';

describeProvider(googleAds, { api: 'google-ads', oauth: 'google-oauth', seed: 'google-ads' });
