import { describeJourney } from './describe-journey.js';

describeJourney('in-process');
