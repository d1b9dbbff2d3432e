import { describeJourney } from './describe-journey.js';

describeJourney('http');
