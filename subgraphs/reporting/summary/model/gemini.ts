import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { GeminiConfig } from '#runtime/config/operations-config.js';
import { type OutboundResponse, RequestFailed } from '#runtime/http/http-client.js';
import type { Services } from '#runtime/services.js';

const HOST = 'generativelanguage.googleapis.com';

/** Of both attempts together: a report waits for it. */
const TIMEOUT_MS = 20_000;
const BACKOFF_MS = 1_000;
const TRANSIENT = [500, 503, 504];

/** A bound of what one summary costs; models that reason count that, too. */
const MAX_OUTPUT_TOKENS = 4_096;

/** The model gave no text: `reason` is for the log, and has nothing of the request in it. */
export class ModelUnavailable extends Error {
  readonly reason: string;

  constructor(reason: string, cause?: unknown) {
    super(`The model gave no text: ${reason}`, { cause });
    this.name = 'ModelUnavailable';
    this.reason = reason;
  }
}

// Only what is read; https://ai.google.dev/api/generate-content has the rest.
const answer = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(z.object({ text: z.string().optional() })).optional() }).optional(),
        finishReason: z.string().optional(),
      }),
    )
    .optional(),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  usageMetadata: z
    .object({
      promptTokenCount: z.number().optional(),
      candidatesTokenCount: z.number().optional(),
      thoughtsTokenCount: z.number().optional(),
    })
    .optional(),
  modelVersion: z.string().optional(),
});

const failure = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

/** What the model is asked. */
export interface Question {
  system: string;
  prompt: string;
  /** Of its answer, in the subset of OpenAPI that the API takes. */
  schema: Record<string, unknown>;
}

/** What it answered. */
export interface Answer {
  text: string;
  model: string;
  promptTokens: number;
  outputTokens: number;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ModelUnavailable('it answered without JSON', error);
  }
}

/** A code of Google's, such as API_KEY_INVALID: never its message, which may repeat the request. */
function codeIn(body: string): string {
  try {
    const { error } = failure.parse(JSON.parse(body));
    const reason = error.details?.map((detail) => detail.reason).find(Boolean) ?? error.status ?? '';
    return /^[A-Z_]{1,60}$/.test(reason) ? ` (${reason})` : '';
  } catch {
    return '';
  }
}

function read({ status, body }: OutboundResponse, asked: string): Answer {
  if (status !== 200) throw new ModelUnavailable(`status ${status}${codeIn(body)}`);
  const parsed = answer.safeParse(parse(body));
  if (!parsed.success) throw new ModelUnavailable('it answered in an unexpected form');
  const { candidates = [], promptFeedback, usageMetadata, modelVersion } = parsed.data;
  if (promptFeedback?.blockReason) throw new ModelUnavailable(`the prompt was blocked (${promptFeedback.blockReason})`);
  const [candidate] = candidates;
  if (candidate?.finishReason !== 'STOP') {
    throw new ModelUnavailable(`it ended by ${candidate?.finishReason ?? 'no candidate'}`);
  }
  const { candidatesTokenCount = 0, thoughtsTokenCount = 0, promptTokenCount = 0 } = usageMetadata ?? {};
  return {
    text: (candidate.content?.parts ?? []).map(({ text }) => text ?? '').join(''),
    model: modelVersion ?? asked,
    promptTokens: promptTokenCount,
    outputTokens: candidatesTokenCount + thoughtsTokenCount,
  };
}

/**
 * Asks the model for text: `models.generateContent` of the Gemini API (https://ai.google.dev/api/generate-content), outside production
 * the simulator's where the key is its. Tries twice when the server or the connection fails. Throws ModelUnavailable.
 */
export async function askGemini(
  { http, simulatorUrl }: Pick<Services, 'http' | 'simulatorUrl'>,
  { apiKey, model, isSimulated }: GeminiConfig,
  { system, prompt, schema }: Question,
  signal?: AbortSignal,
): Promise<Answer> {
  if (isSimulated && !simulatorUrl) throw new ModelUnavailable('there is no simulator');
  const base = isSimulated ? `${simulatorUrl}/${HOST}` : `https://${HOST}`;
  const body = JSON.stringify({
    systemInstruction: { parts: [{ text: system }] },
    contents: [{ role: 'user', parts: [{ text: prompt }] }],
    generationConfig: {
      responseMimeType: 'application/json',
      responseSchema: schema,
      candidateCount: 1,
      maxOutputTokens: MAX_OUTPUT_TOKENS,
    },
  });
  const endsAt = performance.now() + TIMEOUT_MS;
  const send = () =>
    http.send({
      method: 'POST',
      url: `${base}/v1beta/models/${model}:generateContent`,
      headers: { 'content-type': 'application/json', 'x-goog-api-key': apiKey },
      body,
      timeoutMs: Math.max(1, Math.floor(endsAt - performance.now())),
    });
  const isTransient = (outcome: OutboundResponse | RequestFailed) =>
    outcome instanceof RequestFailed ? outcome.reason === 'connection' : TRANSIENT.includes(outcome.status);
  const caught = (error: unknown) => {
    if (error instanceof RequestFailed) return error;
    throw error;
  };
  let outcome = await send().catch(caught);
  if (isTransient(outcome)) {
    await wait(BACKOFF_MS, undefined, { signal });
    outcome = await send().catch(caught);
  }
  if (outcome instanceof RequestFailed) throw new ModelUnavailable(outcome.reason, outcome);
  return read(outcome, model);
}
