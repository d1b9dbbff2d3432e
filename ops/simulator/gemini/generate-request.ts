import { z } from 'zod';
import { badBody } from '#simulator/google/read-body.js';

const textPart = z.strictObject({ text: z.string() });

const TYPES = ['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT'] as const;

/** A subset of OpenAPI 3.0: https://ai.google.dev/api/caching#Schema */
export interface ResponseSchema {
  type: (typeof TYPES)[number];
  description?: string | undefined;
  nullable?: boolean | undefined;
  properties?: Record<string, ResponseSchema> | undefined;
  required?: string[] | undefined;
  propertyOrdering?: string[] | undefined;
  items?: ResponseSchema | undefined;
  minItems?: string | number | undefined;
  maxItems?: string | number | undefined;
}

const itemCount = z.union([z.string().regex(/^\d+$/), z.int().min(0)]).optional();

const schema: z.ZodType<ResponseSchema> = z.lazy(() =>
  z.strictObject({
    // Names of enums are upper-case; lower-case ones are accepted, too.
    type: z.preprocess((type) => (typeof type === 'string' ? type.toUpperCase() : type), z.enum(TYPES)),
    description: z.string().optional(),
    nullable: z.boolean().optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    propertyOrdering: z.array(z.string()).optional(),
    items: schema.optional(),
    minItems: itemCount,
    maxItems: itemCount,
  }),
);

const CATEGORIES = ['HARASSMENT', 'HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT', 'CIVIC_INTEGRITY'].map(
  (name) => `HARM_CATEGORY_${name}`,
);
const THRESHOLDS = ['BLOCK_LOW_AND_ABOVE', 'BLOCK_MEDIUM_AND_ABOVE', 'BLOCK_ONLY_HIGH', 'BLOCK_NONE', 'OFF'] as const;

/** The largest answer of today's models. */
const MAX_OUTPUT_TOKENS = 65_536;

/** The body of models.generateContent, as far as text needs it: https://ai.google.dev/api/generate-content */
export const generateRequest = z.strictObject({
  systemInstruction: z.strictObject({ role: z.string().optional(), parts: z.array(textPart).min(1) }).optional(),
  contents: z
    .array(z.strictObject({ role: z.enum(['user', 'model']).optional(), parts: z.array(textPart).min(1) }))
    .default([]),
  generationConfig: z
    .strictObject({
      responseMimeType: z.enum(['text/plain', 'application/json', 'text/x.enum']).default('text/plain'),
      responseSchema: schema.optional(),
      candidateCount: z.int().min(1).max(8).default(1),
      maxOutputTokens: z.int().min(1).max(MAX_OUTPUT_TOKENS).default(MAX_OUTPUT_TOKENS),
      temperature: z.number().min(0).max(2).optional(),
      topP: z.number().min(0).max(1).optional(),
      topK: z.int().min(1).optional(),
      seed: z.int().optional(),
      stopSequences: z.array(z.string()).max(5).optional(),
      thinkingConfig: z
        .strictObject({
          thinkingLevel: z.enum(['minimal', 'low', 'medium', 'high', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH']).optional(),
          thinkingBudget: z.int().min(-1).optional(),
          includeThoughts: z.boolean().optional(),
        })
        .optional(),
    })
    .default(() => ({
      responseMimeType: 'text/plain' as const,
      candidateCount: 1,
      maxOutputTokens: MAX_OUTPUT_TOKENS,
    })),
  safetySettings: z
    .array(
      z.strictObject({
        category: z.enum(CATEGORIES as [string, ...string[]]),
        threshold: z.enum(THRESHOLDS),
      }),
    )
    .optional(),
});

export type GenerateRequest = z.infer<typeof generateRequest>;

/** Parts of the body that exist and are not simulated. */
export const NOT_SIMULATED = [
  ...['system_instruction', 'generation_config', 'safety_settings', 'tools', 'toolConfig', 'cachedContent', 'store'],
  ...['inlineData', 'fileData', 'functionCall', 'functionResponse', 'executableCode', 'thought', 'thoughtSignature'],
  ...['responseJsonSchema', 'responseModalities', 'responseLogprobs', 'logprobs', 'presencePenalty'],
  ...['frequencyPenalty', 'speechConfig', 'imageConfig', 'mediaResolution', 'serviceTier'],
];

function checkSchema(
  { type, properties, required = [], propertyOrdering = [], items }: ResponseSchema,
  at: string,
): void {
  const wrong = (problem: string) => badBody(`* GenerateContentRequest.generation_config.${at}: ${problem}`);
  if (type === 'ARRAY' && !items) throw wrong('missing field.');
  if (type === 'OBJECT' && Object.keys(properties ?? {}).length === 0) {
    throw wrong('should be non-empty for OBJECT type');
  }
  for (const name of [...required, ...propertyOrdering]) {
    if (!properties || !Object.hasOwn(properties, name)) throw wrong(`property is not defined: ${name}`);
  }
  for (const [name, property] of Object.entries(properties ?? {})) checkSchema(property, `${at}.properties[${name}]`);
  if (items) checkSchema(items, `${at}.items`);
}

/** Throws for what the fields of a request say together. */
export function checkGenerateRequest({ contents, generationConfig }: GenerateRequest): void {
  if (contents.length === 0) throw badBody('* GenerateContentRequest.contents: contents is not specified');
  const { responseSchema, responseMimeType } = generationConfig;
  if (!responseSchema) return;
  if (responseMimeType === 'text/plain') {
    throw badBody(`Function calling with a response mime type: '${responseMimeType}' is unsupported`);
  }
  checkSchema(responseSchema, 'response_schema');
}
