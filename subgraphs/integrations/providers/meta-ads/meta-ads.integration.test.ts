import { describeProvider } from '../describe-provider.js';
import { metaAds } from './index.js';

describeProvider(metaAds, { api: 'meta', oauth: 'meta-oauth', seed: 'meta' });
