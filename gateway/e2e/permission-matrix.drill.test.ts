import { describePermissionMatrix } from './describe-permission-matrix.js';

// Minutes for each: more than a thousand fields on every path, as ten identities.
describePermissionMatrix('in-process');
describePermissionMatrix('http');
