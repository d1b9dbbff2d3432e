import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import { type ConsentRequest, consentErrorPage, consentPage } from './consent-page.js';
import { findPerson, type Person, people } from './people.js';

const DECISION_FIELDS = ['decision', 'person', 'scopes'];

type ConsentDecision =
  | { kind: 'undecided' }
  | { kind: 'invalid'; problem: string }
  | { kind: 'deny' }
  | { kind: 'allow'; person: Person; scopes: string[] | null };

/** Returns an authorize request's parameters, from its query or form. */
export function authorizeParameters(request: WireRequest): URLSearchParams {
  const parameters = new URLSearchParams(request.query);
  for (const [name, value] of formOf(request)) if (!DECISION_FIELDS.includes(name)) parameters.set(name, value);
  return parameters;
}

/** `scopes` is null when none are named: all requested. */
function readDecision(request: WireRequest): ConsentDecision {
  if (request.method !== 'POST') return { kind: 'undecided' };
  const form = formOf(request);
  const decision = form.get('decision');
  if (decision === 'deny') return { kind: 'deny' };
  if (decision !== 'allow') return { kind: 'invalid', problem: 'decision must be allow or deny' };
  const id = form.get('person');
  const person = id === null ? people[0] : findPerson(id);
  if (!person)
    return { kind: 'invalid', problem: `person must be one of ${people.map((known) => known.id).join(', ')}` };
  const named = form.getAll('scopes');
  return {
    kind: 'allow',
    person,
    scopes: named.length === 0 ? null : named.flatMap((scope) => scope.split(/[\s,]+/)).filter(Boolean),
  };
}

interface DecisionAnswers {
  deny(): WireAnswer;
  /** `scopes` is null for all requested. */
  allow(person: Person, scopes: string[] | null): WireAnswer;
}

/** Shows the consent page, then answers the submitted decision. */
export function answerConsent(request: WireRequest, consent: ConsentRequest, answers: DecisionAnswers): WireAnswer {
  const decision = readDecision(request);
  switch (decision.kind) {
    case 'undecided':
      return consentPage(consent);
    case 'invalid':
      return consentErrorPage(consent.provider, 'invalid_request', decision.problem);
    case 'deny':
      return answers.deny();
    case 'allow':
      return answers.allow(decision.person, decision.scopes);
  }
}
