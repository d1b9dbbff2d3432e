import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ConfigurationError } from '#runtime/errors.js';
import { anonymous } from '#runtime/identity/identity.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { loadNative } from './bcrypt.js';
import { hashPassword, isPassword, unmatchedPasswordHash } from './password.js';

const context = { identity: anonymous('test') };

it('a password is hashed at cost 12', () => {
  // In a process of its own: tests are given hashes of the lowest cost.
  const module = join(projectRoot, 'dist/ops/runtime/passwords/password.js');
  const program = `import { hashPassword } from ${JSON.stringify(module)}; process.stdout.write(await hashPassword({ identity: {} }, { password: 'a' }))`;
  const hashed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  expect(hashed).toMatch(/^\$2[aby]\$12\$/);
});

it('a hash of another implementation of bcrypt stays valid', async () => {
  // Made by @node-rs/bcrypt 2.0.0, for the digest of this password.
  const hashed = '$2b$04$rWR80YesPv2c2h.Tua4bHuqH/QnE/AMFyFWuVft2aj2/Nk1h/5Y4i';
  expect(await isPassword(context, { password: 'correct horse battery', passwordHash: hashed })).toBe(true);
  expect(await isPassword(context, { password: 'correct horse batterz', passwordHash: hashed })).toBe(false);
});

it('a start without a binary of bcrypt says what to do', async () => {
  const load = () => Promise.reject(new Error('No native build was found'));
  const loading = loadNative('bcrypt', load);
  await expect(loading).rejects.toThrow(ConfigurationError);
  await expect(loading).rejects.toThrow(`has no binary for ${process.platform} ${process.arch}. Run \`npm ci\``);
});

it('a password matches no other, also beyond the 72 bytes that bcrypt reads', async () => {
  const long = 'a'.repeat(100);
  const hashed = await hashPassword(context, { password: `${long}b` });
  expect(await isPassword(context, { password: `${long}b`, passwordHash: hashed })).toBe(true);
  expect(await isPassword(context, { password: `${long}c`, passwordHash: hashed })).toBe(false);
  expect(await isPassword(context, { password: `${long}b`, passwordHash: undefined })).toBe(false);
});

it('an unmatched hash has the form of the others', async () => {
  const passwordHash = unmatchedPasswordHash();
  expect(passwordHash).toMatch(/^\$2b\$12\$[./A-Za-z0-9]{53}$/);
  expect(unmatchedPasswordHash()).not.toBe(passwordHash);
  expect(await isPassword(context, { password: '', passwordHash })).toBe(false);
});
