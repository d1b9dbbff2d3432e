// Lets bcrypt hash at the lowest cost in this process: passwords of tests need no protection, and each hash of cost 12
// takes 270 ms of a core. To be loaded before anything that imports the package.
import { createRequire } from 'node:module';

const LOWEST_COST = 4;

const bcrypt = createRequire(import.meta.url)('bcrypt');
const { hash } = bcrypt;
bcrypt.hash = (password) => hash(password, LOWEST_COST);
