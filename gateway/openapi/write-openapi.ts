import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { resources } from '#gateway/rest/resources.js';
import { version } from '#runtime/process/project-root.js';
import { readTrustedOperations } from '#schema/trusted-operations.js';
import { schemaFile } from '#schema/type-definitions.js';
import { permissionParts } from '#subgraphs/permission-matrix/permission-parts.js';
import { PermissionWalk } from '#subgraphs/permission-matrix/permission-walk.js';
import { describeApi } from './describe-api.js';

// The last part of `npm run schema`: writes schema/openapi.json. With `--check` fails when the committed file is stale.

const parts = await permissionParts();
const description = describeApi({
  version,
  schema: buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8')),
  resources,
  operations: readTrustedOperations(),
  permissions: new PermissionWalk(parts),
});
const file = schemaFile('openapi.json');
const wanted = `${JSON.stringify(description, null, 1)}\n`;
if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
  if (process.argv.includes('--check')) {
    process.stderr.write('schema/openapi.json is stale: run `npm run schema` and commit it.\n');
    process.exitCode = 1;
  } else writeFileSync(file, wanted);
}
