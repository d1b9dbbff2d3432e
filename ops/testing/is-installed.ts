import { spawnSync } from 'node:child_process';

/** Whether a program is installed, which answers this question with status 0. */
export const isInstalled = (program: string, question = '--version'): boolean =>
  spawnSync(program, [question]).status === 0;
