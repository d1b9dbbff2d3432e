import { escapeHtml, htmlPage } from '#simulator/html.js';
import type { WireAnswer } from '#simulator/wire.js';
import { people } from './people.js';

export interface ConsentQuestion {
  provider: string;
  app: string;
  redirectUri: string;
  /** Parameters of the authorize request, sent along with the decision. */
  parameters: URLSearchParams;
  scopes: readonly { scope: string; title: string }[];
  /** Whether each scope can be unticked. */
  canChooseScopes: boolean;
}

/** Returns the page that asks a simulated person for consent. It posts to its own address. */
export function consentPage(question: ConsentQuestion): WireAnswer {
  const hidden = [...question.parameters].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const content = `<h1>${escapeHtml(question.app)} wants access to your ${escapeHtml(question.provider)} account</h1>
<p>You will be taken back to <code>${escapeHtml(new URL(question.redirectUri).origin)}</code>.</p>
<form method="post" autocomplete="off" action="?">
${hidden.join('\n')}
<fieldset><legend>Continue as</legend>
${people.map(personChoice).join('\n')}
</fieldset>
<fieldset><legend>It asks to</legend>
${question.canChooseScopes ? scopeChoices(question) : scopeList(question)}
</fieldset>
<div class="actions">
<button type="submit" name="decision" value="deny">Deny</button>
<button type="submit" name="decision" value="allow" class="main">Allow</button>
</div>
</form>`;
  return htmlPage(200, `${question.provider} (simulated): give consent`, content, formTargets(question.redirectUri));
}

/** Returns the page for a request that must not be redirected anywhere. */
export function consentErrorPage(provider: string, code: string, message: string): WireAnswer {
  return htmlPage(
    400,
    `${provider} (simulated): error`,
    `<h1>Access blocked: this request is not valid</h1>
<p role="alert">${escapeHtml(message)}</p>
<p>Error 400: <code>${escapeHtml(code)}</code></p>`,
  );
}

/** Returns where to send the browser with an answer, keeping the address's own query. */
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

// The empty field tells a form with every box unticked from a script that names no scopes at all.
function scopeChoices({ scopes }: ConsentQuestion): string {
  return `<input type="hidden" name="scopes" value="">${scopes
    .map(
      ({ scope, title }) => `
<label><input type="checkbox" name="scopes" value="${escapeHtml(scope)}" checked>
<span>${escapeHtml(title)}<br><code>${escapeHtml(scope)}</code></span></label>`,
    )
    .join('')}`;
}

function scopeList({ scopes }: ConsentQuestion): string {
  return `<ul>${scopes.map(({ scope, title }) => `<li>${escapeHtml(title)}<br><code>${escapeHtml(scope)}</code></li>`).join('')}</ul>`;
}

// Chrome applies form-action to the redirects that follow the form as well, and a callback often sends the
// browser on to the app's own page. IPv6 addresses cannot be written in a policy, hence the bare scheme.
function formTargets(redirectUri: string): string[] {
  const { origin, hostname, protocol } = new URL(redirectUri);
  return ["'self'", 'http://localhost:*', 'http://127.0.0.1:*', hostname.startsWith('[') ? protocol : origin];
}
