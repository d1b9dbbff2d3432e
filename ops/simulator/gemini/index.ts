import { errorInfo, GoogleError } from '#simulator/google/errors.js';
import { googleApi, type Handler } from '#simulator/google/google-api.js';
import { readBody } from '#simulator/google/read-body.js';
import { checkParameters } from '#simulator/google/read-query.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import type { WireRequest } from '#simulator/wire.js';
import { checkGenerateRequest, type GenerateRequest, generateRequest, NOT_SIMULATED } from './generate-request.js';
import { writeAnswer } from './write-answer.js';

const HOST = 'generativelanguage.googleapis.com';
const API_KEY = 'webmetrics-simulator-gemini-key';

/** https://ai.google.dev/gemini-api/docs/models, November 2026. */
const MODELS: Record<string, string> = {
  'gemini-3.8-flash': 'Gemini 3.8 Flash',
  'gemini-3.6-flash': 'Gemini 3.6 Flash',
  'gemini-3.5-flash': 'Gemini 3.5 Flash',
  'gemini-3.5-flash-lite': 'Gemini 3.5 Flash-Lite',
};

const INPUT_TOKENS = 1_048_576;
const OUTPUT_TOKENS = 65_536;

/** About so many characters are a token of these models. */
const CHARACTERS_PER_TOKEN = 4;

type Call = Parameters<Handler>[0];

/** The Gemini API: https://ai.google.dev/api. No model answers: what is to be worded comes back as it was given, or as a setting says. */
export const gemini = googleApi({
  id: 'gemini',
  hosts: [HOST],
  maxBatch: 0,
  routes: [
    { method: 'GET', host: HOST, path: /^\/v1beta\/models\/([^/:]+)$/, answer: answerModel },
    { method: 'POST', host: HOST, path: /^\/v1beta\/models\/([^/:]+):generateContent$/, answer: answerGenerate },
  ],
});

// Keys are checked before anything else is read.
function checkKey(request: WireRequest): void {
  const key = request.headers['x-goog-api-key'] ?? request.query.get('key');
  if (request.headers.authorization) throw new NotSimulated('OAuth at the Gemini API');
  if (key === null || key === undefined || key === '') {
    throw new GoogleError(403, {
      message:
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    });
  }
  if (key === API_KEY) return;
  const message = 'API key not valid. Please pass a valid API key.';
  const localized = { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message };
  throw new GoogleError(400, { message, details: [errorInfo('API_KEY_INVALID', HOST), localized] });
}

function findModel(name: string): string {
  const shown = MODELS[name];
  if (shown !== undefined) return shown;
  throw new GoogleError(404, {
    message: `models/${name} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`,
  });
}

function answerModel({ request, ids: [name = ''] }: Call) {
  checkKey(request);
  checkParameters(request);
  return {
    name: `models/${name}`,
    version: '001',
    displayName: findModel(name),
    inputTokenLimit: INPUT_TOKENS,
    outputTokenLimit: OUTPUT_TOKENS,
    supportedGenerationMethods: ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    thinking: true,
  };
}

const tokensOf = (text: string) => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

function promptTokensOf({ systemInstruction, contents }: GenerateRequest): number {
  const parts = [...(systemInstruction?.parts ?? []), ...contents.flatMap((content) => content.parts)];
  return parts.reduce((sum, { text }) => sum + tokensOf(text), 0);
}

function usage(promptTokenCount: number, candidatesTokenCount: number) {
  return {
    promptTokenCount,
    ...(candidatesTokenCount > 0 && { candidatesTokenCount }),
    totalTokenCount: promptTokenCount + candidatesTokenCount,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokenCount }],
  };
}

function answerGenerate({ request, world, ids: [model = ''] }: Call) {
  checkKey(request);
  checkParameters(request);
  findModel(model);
  const given = readBody(request, generateRequest, NOT_SIMULATED);
  checkGenerateRequest(given);
  if (given.generationConfig.candidateCount > 1) throw new NotSimulated('more than one candidate');
  const promptTokens = promptTokensOf(given);
  const more = { modelVersion: model, responseId: 'c2ltdWxhdGVkLXJlc3BvbnNl' };
  const { geminiBehaviour: behaviour, geminiFinish: finish } = world.settings;
  if (finish === 'PROMPT_BLOCKED') {
    const promptFeedback = { blockReason: 'PROHIBITED_CONTENT' };
    return { promptFeedback, usageMetadata: usage(promptTokens, 0), ...more };
  }
  const text = writeAnswer(given, behaviour);
  const limit = given.generationConfig.maxOutputTokens;
  const isCut = finish === 'MAX_TOKENS' || tokensOf(text) > limit;
  const shown = isCut ? text.slice(0, Math.min(limit * CHARACTERS_PER_TOKEN, Math.floor(text.length / 2))) : text;
  const isBlocked = finish === 'SAFETY' || finish === 'RECITATION';
  const candidate = {
    // A blocked candidate has no parts.
    content: { ...(!isBlocked && { parts: [{ text: shown }] }), role: 'model' },
    finishReason: isCut ? 'MAX_TOKENS' : finish,
    index: 0,
  };
  return {
    candidates: [candidate],
    usageMetadata: usage(promptTokens, isBlocked ? 0 : tokensOf(shown)),
    ...more,
  };
}
