import { composeSupergraph } from '#schema/compose-supergraph.js';
import { GENERATED, writeGenerated } from '#schema/generated-files.js';
import { schemaFile } from '#schema/type-definitions.js';
import { withAuthorization } from './authorization/authorization-directives.js';
import { permissionMatrix } from './permission-matrix/permission-matrix.js';
import { permissionParts } from './permission-matrix/permission-parts.js';
import { printPermissions } from './permission-matrix/print-permissions.js';

// The second half of `npm run schema`: what takes the rules as well. Writes schema/supergraph.graphql, with the rules as directives, and
// schema/permissions.md. With `--check` fails when a committed file is stale.

const parts = await permissionParts();
const { supergraph } = composeSupergraph(withAuthorization(parts));
writeGenerated([
  [schemaFile('supergraph.graphql'), `# ${GENERATED}\n${supergraph}\n`],
  [schemaFile('permissions.md'), printPermissions(permissionMatrix(parts), parts)],
]);
