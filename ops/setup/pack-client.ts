import { join } from 'node:path';
import { projectRoot } from '#runtime/process/project-root.js';
import { packClient } from './client-package.js';

// `npm run client:pack`: packs @webmetrics/client; the file is installed with `npm install <file>`.

process.stdout.write(`${packClient(join(projectRoot, 'dist', 'packages'))}\n`);
