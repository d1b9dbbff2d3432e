import type { Messages } from '#reporting/texts/messages.js';

/** The sentences of summaries in English; the other languages have the same keys and placeholders. */
export const en = {
  of: '{topic}: {sentence}',
  more: '{names} (and {count} more)',
  figure: '{metric} {value}',

  missing: 'Figures are missing for {names}.',
  missingAfter: 'Figures of {names} are reported through {day} only.',
  empty: 'There are no figures in this period.',
  stale: 'Figures of {names} are from an earlier answer, as the provider could not be asked again.',
  notFinal: 'Figures of {names} may still change.',
  shortened: 'One table has the first {count} of {total} rows.',

  rose: '{metric} rose by {change} to {current}, from {previous}.',
  fell: '{metric} fell by {change} to {current}, from {previous}.',
  began: '{metric} reached {current}, after none in the period before.',
  improved: '{metric} improved from {previous} to {current}.',
  worsened: '{metric} worsened from {previous} to {current}.',
  steady: 'No main figure changed by {share} or more: {figures}.',
  stated: 'In this period: {figures}.',

  increase: '{metric}: the largest increase came from “{name}”, from {previous} to {current}.',
  decrease: '{metric}: the largest decrease came from “{name}”, from {previous} to {current}.',
  new: 'New in this period: “{name}” ({metric}: {current}).',
  vanished: 'Without figures in this period: “{name}” ({metric} before: {previous}).',
  best: '{metric}: “{name}” did best with {current}, against {total} in all.',
  weakest: '{metric}: “{name}” did worst with {current}, against {total} in all.',
  withoutConversions: '“{name}” cost {cost} and brought no conversions.',
  budgetExceeded: 'The budget of “{name}” is exceeded: {spent} spent of {amount}.',
  budgetFast:
    'The budget of “{name}” is spent faster than planned: {spent} of {amount} so far, at {pace} of the expected pace.',
  budgetSlow:
    'The budget of “{name}” is spent more slowly than planned: {spent} of {amount} so far, at {pace} of the expected pace.',

  'advice.missing': 'To look at: the connections of the accounts whose figures are missing.',
  'advice.position': 'To look at: the queries and pages that lost positions.',
  'advice.decrease': 'To look at: what changed at “{name}”.',
  'advice.vanished': 'To look at: whether “{name}” was meant to end.',
  'advice.weakest': 'To look at: what “{name}” costs for what it brings.',
  'advice.withoutConversions': 'To look at: whether conversions of “{name}” are measured, and whether it should go on.',
  'advice.budgetExceeded': 'To look at: whether “{name}” should go on spending this month.',
  'advice.budgetFast': 'To look at: the daily budgets of “{name}”.',
  'advice.budgetSlow': 'To look at: what keeps “{name}” from spending its budget.',
} as const satisfies Messages;
