import { composeSupergraph } from '#schema/compose-supergraph.js';
import { GENERATED, writeGenerated } from '#schema/generated-files.js';
import { schemaFile, subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { withAuthorization } from './authorization/authorization-directives.js';
import { subgraphs } from './index.js';
import { permissionMatrix } from './permission-matrix/permission-matrix.js';
import type { PermissionPart } from './permission-matrix/permission-walk.js';
import { printPermissions } from './permission-matrix/print-permissions.js';

// The second half of `npm run schema`: what takes the rules as well. Writes schema/supergraph.graphql, with the rules as directives, and
// schema/permissions.md. With `--check` fails when a committed file is stale.

const parts: PermissionPart[] = [];
for (const name of subgraphNames) {
  const { permissions } = await subgraphs[name]();
  parts.push({ name, typeDefinitions: typeDefinitionsOf(name), permissions });
}
const { supergraph } = composeSupergraph(withAuthorization(parts));
writeGenerated([
  [schemaFile('supergraph.graphql'), `# ${GENERATED}\n${supergraph}\n`],
  [schemaFile('permissions.md'), printPermissions(permissionMatrix(parts), parts)],
]);
