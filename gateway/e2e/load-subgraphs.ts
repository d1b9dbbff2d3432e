import { subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';

// One after the other, before a platform opens them all at once: Jest's loader of ES modules cannot have two dynamic
// imports meet in a package that neither has loaded yet ("request for … is not in cache").
for (const name of subgraphNames) await subgraphs[name]();
