import { describeBadInput } from './describe-bad-input.js';

describeBadInput('http');
