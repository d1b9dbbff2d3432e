import { describeBilling } from './describe-billing.js';

describeBilling('http');
