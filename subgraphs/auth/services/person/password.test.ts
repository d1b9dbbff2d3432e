import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';
import { hashPassword, isPassword } from './password.js';

it('a password is hashed at cost 12', () => {
  // In a process of its own: tests are given hashes of the lowest cost.
  const module = join(projectRoot, 'dist/subgraphs/auth/services/person/password.js');
  const program = `import { hashPassword } from ${JSON.stringify(module)}; process.stdout.write(await hashPassword('a'))`;
  const hashed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  expect(hashed).toMatch(/^\$2[aby]\$12\$/);
});

it('a password matches no other, also beyond the 72 bytes that bcrypt reads', async () => {
  const long = 'a'.repeat(100);
  const hashed = await hashPassword(`${long}b`);
  expect(await isPassword(`${long}b`, hashed)).toBe(true);
  expect(await isPassword(`${long}c`, hashed)).toBe(false);
  expect(await isPassword(`${long}b`, undefined)).toBe(false);
});
