// Runs the judges one after the other over one started product, and ends with status 1 when one of them finds a fault.
import { judgeMcp } from './mcp.js';
import { judgeByNewman } from './newman.js';
import { judgeOpenApi } from './openapi.js';
import { judgePdf } from './pdf.js';
import { startProduct } from './product.js';
import { judgePythonClient } from './python-client.js';
import { judgeBySchemathesis } from './schemathesis.js';
import { judgeSpreadsheets } from './spreadsheets.js';
import { judgeStripeAnswers } from './stripe/answers.js';
import { judgeStripeRequests } from './stripe/requests.js';

/** By name; each throws when it finds a fault. Those that ask the product are given it. */
const judges = {
  openapi: { judge: judgeOpenApi },
  pdf: { judge: judgePdf },
  spreadsheets: { judge: judgeSpreadsheets },
  'stripe-requests': { judge: judgeStripeRequests },
  'stripe-answers': { judge: judgeStripeAnswers },
  mcp: { judge: judgeMcp, asksProduct: true },
  newman: { judge: judgeByNewman, asksProduct: true },
  python: { judge: judgePythonClient, asksProduct: true },
  schemathesis: { judge: judgeBySchemathesis, asksProduct: true },
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(judges, name));
if (unknown.length > 0) {
  throw new Error(`There is no judge ${unknown.join(', ')}: they are ${Object.keys(judges).join(', ')}.`);
}
const chosen = Object.entries(judges).filter(([name]) => named.length === 0 || named.includes(name));

let product;
const failed = [];
try {
  if (chosen.some(([, { asksProduct }]) => asksProduct)) product = await startProduct();
  for (const [name, { judge }] of chosen) {
    const startedAt = Date.now();
    process.stdout.write(`\n== ${name}\n`);
    try {
      await judge(product);
    } catch (error) {
      failed.push(name);
      process.stdout.write(`${error.message}\n`);
    }
    process.stdout.write(
      `== ${name}: ${failed.includes(name) ? 'FAILED' : 'passed'} in ${Math.round((Date.now() - startedAt) / 1000)} s\n`,
    );
  }
} finally {
  await product?.stop();
}
process.stdout.write(`\n${chosen.length - failed.length} passed, ${failed.length} failed\n`);
if (failed.length > 0) process.exitCode = 1;
