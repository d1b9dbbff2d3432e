import { isApiKeyScope } from './api-key-scopes.js';
import { memberRights, roles } from './identity.js';
import type { Needs } from './judge.js';

/** A policy of a field that holds only where its object is loaded by its key, as the rule of an entity does. */
const ENTITY = 'entity ';

const isOneOf = <Value extends string>(values: readonly Value[], text: string): text is Value =>
  (values as readonly string[]).includes(text);

const WHO = ['anyone', 'signedIn', 'service', ...roles] as const;

const FLAGS = {
  forSetUp: 'isForSetUp',
  withoutOrganization: 'isWithoutOrganization',
  withinClients: 'isWithinClients',
  beginsSession: 'beginsSession',
} as const satisfies Record<string, keyof Needs>;

/**
 * Returns what a rule demands as the name of a policy: the words of the calls that make the rule, such as
 * `ANALYST withScope:write:reports` or `signedIn withAnyScope withinClients`. Whether it is open while an organization can only read is
 * not in it.
 */
export function policyNameOf({ who, right, scope, isScopeEnough, ...flags }: Needs): string {
  const words: string[] = [who];
  if (right) words.push(`orRight:${right}`);
  if (scope === 'any') words.push('withAnyScope');
  else if (scope) words.push(`${isScopeEnough ? 'orKeyWith' : 'withScope'}:${scope}`);
  for (const [word, flag] of Object.entries(FLAGS)) if (flags[flag]) words.push(word);
  return words.join(' ');
}

/** Returns what the name of a policy demands; undefined for one that no rule has. */
export function needsOfPolicy(name: string): Needs | undefined {
  const [who = '', ...words] = name.split(' ');
  if (!isOneOf(WHO, who)) return undefined;
  const needs: Needs = { who };
  for (const word of words) {
    const [, call, value = ''] = /^(orRight|withScope|orKeyWith):(.+)$/.exec(word) ?? [];
    if (word in FLAGS) needs[FLAGS[word as keyof typeof FLAGS]] = true;
    else if (word === 'withAnyScope') needs.scope = 'any';
    else if (call === 'orRight' && isOneOf(memberRights, value)) needs.right = value;
    else if (call && call !== 'orRight' && isApiKeyScope(value)) {
      needs.scope = value;
      if (call === 'orKeyWith') needs.isScopeEnough = true;
    } else return undefined;
  }
  return policyNameOf(needs) === name ? needs : undefined;
}

/** Returns the name of the policy of an entity's rule, for the fields that are reached by its key. */
export function entityPolicyNameOf(needs: Needs): string {
  return `${ENTITY}${policyNameOf(needs)}`;
}

/** Returns the policy that holds where an object is loaded by its key; undefined for one that holds everywhere. */
export function policyOfEntity(name: string): string | undefined {
  return name.startsWith(ENTITY) ? name.slice(ENTITY.length) : undefined;
}
