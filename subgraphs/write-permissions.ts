import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { schemaFile, subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { subgraphs } from './index.js';
import { permissionMatrix } from './permission-matrix/permission-matrix.js';
import type { PermissionPart } from './permission-matrix/permission-walk.js';
import { printPermissions } from './permission-matrix/print-permissions.js';

// The second half of `npm run schema`: writes schema/permissions.md. With `--check` fails when the committed file is stale.

const parts: PermissionPart[] = [];
for (const name of subgraphNames) {
  const { permissions } = await subgraphs[name]();
  parts.push({ name, typeDefinitions: typeDefinitionsOf(name), permissions });
}
const file = schemaFile('permissions.md');
const wanted = printPermissions(permissionMatrix(parts), parts);
if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
  if (process.argv.includes('--check')) {
    process.stderr.write('schema/permissions.md is stale: run `npm run schema` and commit it.\n');
    process.exitCode = 1;
  } else writeFileSync(file, wanted);
}
