import { type Check, serviceTimeoutMs } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import type { GeminiConfig } from '#runtime/config/operations-config.js';
import { reasonOf } from '#runtime/log/reason-of.js';
import { anySignal } from '#runtime/scope/any-signal.js';

const BASE = 'https://generativelanguage.googleapis.com';
const WITHOUT = 'summaries of reports are worded by fixed rules meanwhile';

/** Asks for the model, which costs nothing, and says whether key and model can be used. */
export async function lookAtGemini(
  { apiKey, model }: Pick<GeminiConfig, 'apiKey' | 'model'>,
  signal: AbortSignal,
  base = BASE,
): Promise<Finding> {
  const ends = anySignal(signal, AbortSignal.timeout(serviceTimeoutMs()));
  const headers = { 'x-goog-api-key': apiKey };
  try {
    const { status } = await fetch(`${base}/v1beta/models/${model}`, { headers, signal: ends, redirect: 'manual' });
    if (status === 200) return ok(`The model ${model} words summaries of reports`);
    if (status === 404) {
      return problem(
        `Google has no model ${model}: ${WITHOUT}`,
        'Set GEMINI_MODEL to one of ai.google.dev/gemini-api/docs/models.',
      );
    }
    if ([400, 401, 403].includes(status)) {
      return problem(
        `Google refuses GEMINI_API_KEY: ${WITHOUT}`,
        'Take a key from aistudio.google.com/apikey, or unset it.',
      );
    }
    return warning(`The Gemini API answers with status ${status}: ${WITHOUT}`, 'Try again later.');
  } catch (error) {
    const advice = 'Let this machine reach it, directly or through a proxy.';
    return warning(`${new URL(base).host} cannot be reached (${reasonOf(error)}): ${WITHOUT}`, advice);
  }
}

export const gemini: Check = {
  name: 'Summaries',
  run: async ({ config, signal }) => {
    if (!config.gemini) return [];
    if (config.gemini.isSimulated) return [ok('The model of summaries is simulated')];
    return [await lookAtGemini(config.gemini, signal)];
  },
};
