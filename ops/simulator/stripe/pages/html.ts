import { createHash } from 'node:crypto';
import type { WireAnswer } from '#simulator/wire.js';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6475; --paper: #fff; --shade: #f2f4f7; --line: #ccd2db; --main: #1f5fbf; --bad: #a3201d; --bad-bg: #fdeceb; --warn: #8a4b00; --warn-bg: #fff3dc; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf0; --soft: #a5afbf; --paper: #1b2029; --shade: #12161d; --line: #3a4350; --main: #8db8ff; --bad: #ffb4ab; --bad-bg: #3d1a19; --warn: #ffcf87; --warn-bg: #3a2c10; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; background: var(--shade); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; }
.badge { display: inline-block; margin: 0 0 1rem; padding: .1rem .6rem; border-radius: 1rem; background: var(--warn-bg); color: var(--warn); font-size: .85rem; font-weight: 600; }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; line-height: 1.3; }
h2 { margin: 2rem 0 .5rem; font-size: 1.05rem; }
p { margin: .25rem 0; }
.soft { color: var(--soft); font-size: .9rem; }
.alert { margin: 1rem 0; padding: .6rem .9rem; border-radius: .5rem; background: var(--bad-bg); color: var(--bad); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .4rem .25rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-size: .85rem; font-weight: 600; }
td:last-child, th:last-child { text-align: right; font-variant-numeric: tabular-nums; }
tr.total td { border-bottom: 0; font-weight: 700; }
form { margin: 1rem 0 0; }
form.inline { display: inline; margin: 0; }
label { display: block; margin: .75rem 0 0; font-size: .9rem; font-weight: 600; }
input, select { width: 100%; margin-top: .25rem; padding: .55rem .65rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--paper); color: var(--ink); font: inherit; font-weight: 400; }
.row { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; align-items: end; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin-top: 1.25rem; }
button { padding: .55rem 1.2rem; border: 1px solid var(--main); border-radius: .5rem; background: transparent; color: var(--main); font: inherit; font-weight: 600; cursor: pointer; }
button.main { background: var(--main); color: var(--paper); }
button.small { padding: .2rem .7rem; font-size: .9rem; }
a { color: var(--main); }
@media (max-width: 26rem) { body { padding: 1rem .5rem; } main { padding: 1.25rem; } td, th { font-size: .85rem; } }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Text with its special characters written so that it is nothing but text. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A hosted page; `content` is HTML. It loads and runs nothing, and its forms may lead to `targets` besides itself. */
export function htmlPage(
  status: number,
  { title, content, targets = [] }: { title: string; content: string; targets?: readonly (string | null)[] },
): WireAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${formTargets(targets)}; base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><p class="badge">Simulated – no money moves</p>
${content}
</main></body></html>
`,
  };
}

/** A page for an address that leads nowhere, any more or at all. */
export function notFoundPage(message: string): WireAnswer {
  return htmlPage(404, {
    title: 'Not found',
    content: `<h1>Something went wrong</h1><p role="alert">${escapeHtml(message)}</p>`,
  });
}

/** Sends a browser on with GET. */
export function seeOther(location: string): WireAnswer {
  return {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: '',
  };
}

/** A message about what failed, if there is one. */
export function alertOf(message: string | undefined): string {
  return message === undefined ? '' : `<p class="alert" role="alert">${escapeHtml(message)}</p>`;
}

/** An amount in the smallest unit of its currency, as people write it. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** The day of a moment in seconds. */
export function day(moment: number): string {
  return new Date(moment * 1000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

/** Fields for a card, to be read by `cardFrom`. */
export const CARD_FIELDS = `
<label>Card number <input name="card_number" inputmode="numeric" autocomplete="off" placeholder="4242 4242 4242 4242"></label>
<div class="row">
<label>Expires <input name="expiry" autocomplete="off" placeholder="12 / 34"></label>
<label>Security code <input name="cvc" inputmode="numeric" autocomplete="off" placeholder="123"></label>
</div>
<p class="soft">4242 4242 4242 4242 pays. 4000 0000 0000 0002 is declined, 4000 0000 0000 9995 has insufficient funds,
4000 0027 6000 3184 asks for authentication, 4000 0000 0000 0341 can be saved but not charged.</p>`;

// Chrome applies form-action to later redirects too. A policy cannot name IPv6 addresses, hence the bare scheme.
function formTargets(targets: readonly (string | null)[]): string {
  const origins = targets.flatMap((target) => {
    const url = URL.parse((target ?? '').replaceAll(/[{}]/g, ''));
    if (!url) return [];
    return [url.hostname.startsWith('[') ? url.protocol : url.origin];
  });
  return ["'self'", 'http://localhost:*', 'http://127.0.0.1:*', ...origins].join(' ');
}
