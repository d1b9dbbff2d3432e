import { describeProvider } from '#integrations/providers/describe-provider.js';
import { metaAds } from './index.js';

describeProvider(metaAds, { api: 'meta', oauth: 'meta-oauth', seed: 'meta' });
