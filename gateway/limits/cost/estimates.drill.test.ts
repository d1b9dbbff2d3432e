import { describe } from '@jest/globals';
import { describeEstimates } from './testing/describe-estimates.js';

describe('the estimates of 5,000 operations', () => describeEstimates(5_000));
