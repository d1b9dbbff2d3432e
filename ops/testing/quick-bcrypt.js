// What Jest gives tests for @node-rs/bcrypt: the same hashes at the lowest cost, as a password of a test is worth no work
// and each hash of cost 12 takes a core a fifth of a second. Plain JavaScript, because the path is not one for TypeScript.
import { hash as hashAtCost, verify } from '../../node_modules/@node-rs/bcrypt/index.js';

const LOWEST_COST = 4;

const hash = (password, options) => hashAtCost(password, { ...options, cost: LOWEST_COST });

export { hash, verify };
