import { describePermissionMatrix } from './describe-permission-matrix.js';

// Minutes: more than a thousand fields on every path, as ten identities. `statements.drill.test.ts` has the other transport.
describePermissionMatrix('http');
