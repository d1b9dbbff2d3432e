import { createHash } from 'node:crypto';
import type { WireAnswer } from '#simulator/wire.js';
import { people } from './people.js';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --paper: #fff; --shade: #f2f4f7; --line: #ccd2db; --main: #1f5fbf; --warn: #8a4b00; --warn-bg: #fff3dc; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf0; --paper: #1b2029; --shade: #12161d; --line: #3a4350; --main: #8db8ff; --warn: #ffcf87; --warn-bg: #3a2c10; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--shade); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 30rem; padding: 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; }
.badge { display: inline-block; margin: 0 0 1rem; padding: .1rem .6rem; border-radius: 1rem; background: var(--warn-bg); color: var(--warn); font-size: .85rem; font-weight: 600; }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; line-height: 1.3; overflow-wrap: anywhere; }
fieldset { margin: 1.25rem 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
legend { padding: 0 .35rem; font-weight: 600; }
label { display: flex; gap: .6rem; align-items: flex-start; padding: .3rem 0; }
input { margin-top: .35rem; accent-color: var(--main); }
ul { margin: 0; padding-left: 1.2rem; }
code { overflow-wrap: anywhere; font-size: .85em; }
.actions { display: flex; gap: .75rem; justify-content: flex-end; }
button { padding: .6rem 1.4rem; border: 1px solid var(--main); border-radius: .5rem; background: transparent; color: var(--main); font: inherit; font-weight: 600; cursor: pointer; }
button.main { background: var(--main); color: var(--paper); }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Loads and runs nothing and may submit only to `formTargets`. */
function htmlPage(status: number, title: string, content: string, formTargets: readonly string[] = []): WireAnswer {
  const formAction = formTargets.length > 0 ? formTargets.join(' ') : "'none'";
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><p class="badge">Simulated – not the real thing</p>
${content}
</main></body></html>
`,
  };
}

export interface ConsentRequest {
  provider: string;
  app: string;
  redirectUri: string;
  /** Resubmitted with the decision. */
  parameters: URLSearchParams;
  scopes: readonly string[];
  titleOf(scope: string): string | undefined;
  canChooseScopes: boolean;
}

/** Returns the consent page, which posts to its own address. */
export function consentPage(consent: ConsentRequest): WireAnswer {
  const hidden = [...consent.parameters].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const content = `<h1>${escapeHtml(consent.app)} wants access to your ${escapeHtml(consent.provider)} account</h1>
<p>You will be taken back to <code>${escapeHtml(new URL(consent.redirectUri).origin)}</code>.</p>
<form method="post" autocomplete="off" action="?">
${hidden.join('\n')}
<fieldset><legend>Continue as</legend>
${people.map(personChoice).join('\n')}
</fieldset>
<fieldset><legend>It asks to</legend>
${consent.canChooseScopes ? scopeChoices(consent) : scopeList(consent)}
</fieldset>
<div class="actions">
<button type="submit" name="decision" value="deny">Deny</button>
<button type="submit" name="decision" value="allow" class="main">Allow</button>
</div>
</form>`;
  return htmlPage(200, `${consent.provider} (simulated): give consent`, content, formTargets(consent.redirectUri));
}

/** Returns the page for a request that must not be redirected. */
export function consentErrorPage(provider: string, code: string, message: string): WireAnswer {
  return htmlPage(
    400,
    `${provider} (simulated): error`,
    `<h1>Access blocked: this request is not valid</h1>
<p role="alert">${escapeHtml(message)}</p>
<p>Error 400: <code>${escapeHtml(code)}</code></p>`,
  );
}

/** Returns the redirect with an answer, keeping the address's query. */
export function redirectTo(redirectUri: string, answer: Record<string, string | null>, fragment = ''): WireAnswer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) if (value !== null) url.searchParams.set(name, value);
  url.hash = fragment;
  return {
    status: 302,
    headers: { location: url.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: '',
  };
}

function personChoice(person: { id: string; title: string }, n: number): string {
  return `<label><input type="radio" name="person" value="${person.id}"${n === 0 ? ' checked' : ''}>
<span>${escapeHtml(person.title)}</span></label>`;
}

// The empty field distinguishes a form without any scope from a script that names none.
function scopeChoices({ scopes, titleOf }: ConsentRequest): string {
  return `<input type="hidden" name="scopes" value="">${scopes
    .map(
      (scope) => `
<label><input type="checkbox" name="scopes" value="${escapeHtml(scope)}" checked>
<span>${escapeHtml(titleOf(scope) ?? scope)}<br><code>${escapeHtml(scope)}</code></span></label>`,
    )
    .join('')}`;
}

function scopeList({ scopes, titleOf }: ConsentRequest): string {
  return `<ul>${scopes.map((scope) => `<li>${escapeHtml(titleOf(scope) ?? scope)}<br><code>${escapeHtml(scope)}</code></li>`).join('')}</ul>`;
}

// Chrome applies form-action to later redirects too, and a callback often redirects to the app's page. A policy cannot
// name IPv6 addresses, hence the bare scheme.
function formTargets(redirectUri: string): string[] {
  const { origin, hostname, protocol } = new URL(redirectUri);
  return ["'self'", 'http://localhost:*', 'http://127.0.0.1:*', hostname.startsWith('[') ? protocol : origin];
}
