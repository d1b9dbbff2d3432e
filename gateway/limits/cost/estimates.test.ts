import { describe } from '@jest/globals';
import { describeEstimates } from './testing/describe-estimates.js';

describe('the estimates of 500 operations', () => describeEstimates(500));
