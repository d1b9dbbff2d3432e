import { describePermissions } from './describe-permissions.js';

describePermissions('http');
