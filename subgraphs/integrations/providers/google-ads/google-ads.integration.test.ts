import { describeProvider } from '../describe-provider.js';
import { googleAds } from './index.js';

describeProvider(googleAds, { api: 'google-ads', oauth: 'google-oauth', seed: 'google-ads' });
