import { describeBilling } from './describe-billing.js';

describeBilling('in-process');
