import { describeRest } from './describe-rest.js';

describeRest('in-process');
