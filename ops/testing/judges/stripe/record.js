// Loaded before a test run: writes every call that the simulated Stripe answers into the file STRIPE_EXCHANGES, one JSON a line.
import { appendFileSync } from 'node:fs';

const { observeExchanges } = await import(
  new URL('../../../../dist/ops/simulator/stripe/exchanges.js', import.meta.url).href
);

observeExchanges(({ request, answer }) => {
  const { method, path, query, body, headers } = request;
  appendFileSync(
    process.env.STRIPE_EXCHANGES,
    `${JSON.stringify({
      // The product sends with undici; the client of the tests uses fetch, which says so.
      isOurs: headers['sec-fetch-mode'] === undefined,
      ...{ method, path, query: new URLSearchParams(query).toString(), body, contentType: headers['content-type'] },
      ...{ status: answer.status, answer: answer.body },
    })}\n`,
  );
});
