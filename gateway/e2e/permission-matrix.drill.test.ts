import { describePermissionMatrix } from './describe-permission-matrix.js';

describePermissionMatrix('http');
