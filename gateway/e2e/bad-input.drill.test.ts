import { describeBadInput } from './describe-bad-input.js';

describeBadInput('in-process');
describeBadInput('http');
