import { z } from 'zod';
import type { ServiceContext } from '#reporting/context.js';
import type { Manifest, Summary } from '#reporting/dataset/dataset.js';
import { getSummarySettings } from '#reporting/summary/summary-settings.js';
import { MAX_SENTENCES, type WrittenFact } from '#reporting/summary/write-sentences.js';
import { checkSentence, type Fault } from './check-sentence.js';
import { askGemini, ModelUnavailable } from './gemini.js';
import { periodsOf, questionOf } from './prompt.js';

/** A model words no fewer; with fewer honest sentences, rules do. */
const LEAST_SENTENCES = 2;
/** Names are short and facts are few: this is never reached by honest data. */
const MAX_PROMPT_CHARACTERS = 16_000;

/** Of one organization in a day: a bound of what its summaries cost. */
const QUOTA = { name: 'worded-summaries', points: 500, windowSeconds: 24 * 60 * 60 };

/** What readers have to know whatever a model makes of it. */
const INDISPENSABLE = ['missing', 'missingAfter', 'empty', 'stale'];

const worded = z.object({
  sentences: z.array(z.object({ facts: z.array(z.number()).min(1).max(2), text: z.string() })),
});

function parse(text: string): z.infer<typeof worded> {
  try {
    return worded.parse(JSON.parse(text));
  } catch (error) {
    throw new ModelUnavailable('its text is not what was asked for', error);
  }
}

/** What is worded, and whose report it is. */
export interface WordingInput {
  organizationId: string;
  manifest: Manifest;
  facts: WrittenFact[];
  signal?: AbortSignal | undefined;
}

/** Returns the sentences that can be shown, and how many were dropped for which fault. */
function checkAll(
  given: z.infer<typeof worded>['sentences'],
  facts: WrittenFact[],
  manifest: Manifest,
): { sentences: string[]; own: number; dropped: Partial<Record<Fault | 'repeated', number>> } {
  const dropped: Partial<Record<Fault | 'repeated', number>> = {};
  const cited = new Set<WrittenFact>();
  const sentences: string[] = [];
  const labels = periodsOf(manifest);
  for (const { facts: ids, text } of given) {
    const about = [...new Set(ids)].map((id) => facts[id - 1]);
    const known = about.filter((fact) => fact !== undefined);
    const checked =
      known.length < about.length
        ? { fault: 'nothing-cited' as const }
        : checkSentence(text, { language: manifest.language, facts: known, labels });
    const fault = 'fault' in checked ? checked.fault : sentences.includes(checked.text) ? 'repeated' : null;
    if ('text' in checked && fault === null) {
      sentences.push(checked.text);
      for (const fact of known) cited.add(fact);
    } else if (fault) dropped[fault] = (dropped[fault] ?? 0) + 1;
  }
  const unsaid = facts.filter((one) => INDISPENSABLE.includes(one.fact.rule) && !one.isAdvice && !cited.has(one));
  const kept = sentences.slice(0, MAX_SENTENCES - unsaid.length);
  return { sentences: [...unsaid.map(({ sentence }) => sentence), ...kept], own: kept.length, dropped };
}

/**
 * Returns a summary worded by the model of `GEMINI_API_KEY` from the facts alone; null without a key, when the organization has
 * switched it off, and whenever the model fails: the reason is logged, and rules word it. A sentence with a number, a name or a word that is not in the facts it is about is dropped.
 */
export async function wordByModel(
  context: ServiceContext,
  { organizationId, manifest, facts, signal }: WordingInput,
): Promise<Summary | null> {
  const { services } = context;
  const { gemini } = services.config;
  if (!gemini) return null;
  const { reportId, language } = manifest;
  const line = { reportId, model: gemini.model };
  try {
    if (facts.length < LEAST_SENTENCES) return null;
    const { isWordedByModel } = await getSummarySettings(context, { organizationId });
    if (!isWordedByModel) return null;
    const question = questionOf(manifest, facts);
    if (question.prompt.length > MAX_PROMPT_CHARACTERS) throw new ModelUnavailable('its question is too long');
    const { isAllowed } = await services.rateLimits.open(QUOTA).count(organizationId);
    if (!isAllowed) throw new ModelUnavailable('the organization has had as many as a day allows');
    const { text, model, promptTokens, outputTokens } = await askGemini(services, gemini, question, signal);
    const { sentences, own, dropped } = checkAll(parse(text).sentences, facts, manifest);
    const counts = { ...line, language, promptTokens, outputTokens, sentences: own, dropped };
    if (own < LEAST_SENTENCES) {
      services.logger.warn(counts, 'Too few sentences of the model can be shown: rules word the summary');
      return null;
    }
    services.logger.info(counts, 'The model worded a summary');
    return { wordedBy: 'MODEL', model, sentences };
  } catch (error) {
    signal?.throwIfAborted();
    // Its causes may quote the answer, which is not for the log.
    const cause = error instanceof ModelUnavailable ? { reason: error.reason } : { reason: 'it failed', err: error };
    services.logger.warn({ ...line, ...cause }, 'The model gave no summary: rules word it');
    return null;
  }
}
