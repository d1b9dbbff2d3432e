import { describeRest } from './describe-rest.js';

describeRest('http');
