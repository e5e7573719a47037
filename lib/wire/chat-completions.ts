import { z } from "zod";

import type { ChatMessage, GenerateRequest, SamplingSettings } from "../engine";
import { parseJsonSchema, type JsonSchema } from "./json-schema";
import { message, withoutNulls } from "./messages";
import { AGENT_ID } from "./models";
import { isRecord, valueAt, type Path } from "./paths";
import { parameterRefusal, valueRefusal } from "./refusals";
import {
  ignored,
  numberBetween,
  onlyOff,
  shortList,
  stopTexts,
  text,
  trueOrFalse,
  wholeNumberBetween,
} from "./request-fields";

/** A chat completion as the runtime takes it. */
export interface ChatCompletionCall {
  model: string;
  generate: Omit<GenerateRequest, "prompt"> & { prompt: { messages: ChatMessage[] } };
  stream: boolean;
  /** What `memwell` is to answer in: a domain's name, `auto` to have one chosen, or `none`. */
  domain?: string;
  /** Whether a stream ends with a chunk of token counts. */
  includeUsage: boolean;
}

const MOST_MESSAGES = 10_000;
const MESSAGES = `a list of 1 to ${MOST_MESSAGES} messages`;
const MOST_TOKENS = 10_000_000;
/** llama.cpp's seed has 32 bits, and the highest value means "choose one". */
const SEEDS = 0xffff_ffff;

const responseFormat = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("text") }),
    z.strictObject({ type: z.literal("json_object") }),
    z.strictObject({
      type: z.literal("json_schema"),
      json_schema: z.strictObject(
        {
          name: ignored().optional(),
          description: ignored().optional(),
          strict: trueOrFalse().nullish(),
          schema: z.unknown().refine(isRecord, { error: "a JSON schema, which is an object" }),
        },
        { error: "an object with name and schema" },
      ),
    }),
  ],
  {
    error: (issue) =>
      (issue.code as string) === "invalid_type" ? "an object with a type" : "text, json_object or json_schema",
  },
);

const request = z.strictObject({
  model: text(500),
  messages: shortList(MOST_MESSAGES, MESSAGES).pipe(z.array(message, { error: MESSAGES }).min(1, { error: MESSAGES })),
  stream: trueOrFalse().default(false),
  stream_options: z
    .strictObject({ include_usage: trueOrFalse().default(false) }, { error: 'an object like {"include_usage": true}' })
    .optional(),
  temperature: numberBetween(0, 2).optional(),
  top_p: numberBetween(0, 1).optional(),
  top_k: wholeNumberBetween(0, 1_000_000).optional(),
  min_p: numberBetween(0, 1).optional(),
  repeat_penalty: numberBetween(0.01, 10).optional(),
  frequency_penalty: numberBetween(-2, 2).optional(),
  presence_penalty: numberBetween(-2, 2).optional(),
  max_tokens: wholeNumberBetween(1, MOST_TOKENS).optional(),
  max_completion_tokens: wholeNumberBetween(1, MOST_TOKENS).optional(),
  max_thought_tokens: wholeNumberBetween(0, MOST_TOKENS).optional(),
  domain: text(100).optional(),
  stop: stopTexts().optional(),
  seed: wholeNumberBetween(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).optional(),
  response_format: responseFormat.optional(),
  n: onlyOff(1, "number").optional(),
  logprobs: onlyOff(false, "boolean").optional(),
  store: onlyOff(false, "boolean").optional(),
  user: ignored().optional(),
  metadata: ignored().optional(),
});

/**
 * Reads the body of `POST /v1/chat/completions`
 * (https://platform.openai.com/docs/api-reference/chat/create), with llama.cpp's `top_k`, `min_p`, `repeat_penalty` and
 * `reasoning_content`, and Memwell's `max_thought_tokens` (of each kind of thinking at most; 0 for none) and `domain` (of
 * `memwell` alone), beside OpenAI's own parameters. A parameter that is null counts as not given.
 *
 * @param body any parsed JSON value
 * @throws MemwellError `unsupported_parameter` for what Memwell does not do, `invalid_request` for a bad value,
 *   `invalid_schema` for a schema that cannot be enforced; each names the place in `fields.parameter`
 */
export function parseChatCompletionRequest(body: unknown): ChatCompletionCall {
  if (!isRecord(body)) throw valueRefusal([], body, "a JSON object with model and messages");
  const given = withoutNulls(body) as Record<string, unknown>;
  for (const key of Object.keys(given))
    if (!Object.hasOwn(request.shape, key)) throw parameterRefusal([key], given[key]);

  const parsed = request.safeParse(given);
  if (!parsed.success) throw refusalOf(parsed.error.issues[0]!, given);
  const read = parsed.data;
  if (read.stream_options !== undefined && !read.stream) {
    throw valueRefusal(["stream_options"], given.stream_options, "only together with stream: true");
  }
  if (read.domain !== undefined && read.model !== AGENT_ID)
    throw valueRefusal(["domain"], given.domain, `only together with the model ${AGENT_ID}`);
  return {
    model: read.model,
    ...(read.domain !== undefined && { domain: read.domain }),
    stream: read.stream,
    includeUsage: read.stream_options?.include_usage ?? false,
    generate: withoutUndefined({
      prompt: { messages: read.messages },
      sampling: samplingOf(read),
      maxTokens: read.max_completion_tokens ?? read.max_tokens,
      maxThoughtTokens: read.max_thought_tokens,
      stop: read.stop,
      jsonSchema: schemaOf(read.response_format),
    }),
  };
}

function samplingOf(read: z.output<typeof request>): SamplingSettings | undefined {
  const sampling = withoutUndefined<SamplingSettings>({
    temperature: read.temperature,
    topP: read.top_p,
    topK: read.top_k,
    minP: read.min_p,
    repeatPenalty: read.repeat_penalty,
    frequencyPenalty: read.frequency_penalty,
    presencePenalty: read.presence_penalty,
    seed: read.seed === undefined ? undefined : ((read.seed % SEEDS) + SEEDS) % SEEDS,
  });
  return Object.keys(sampling).length === 0 ? undefined : sampling;
}

function schemaOf(format: z.output<typeof responseFormat> | undefined): JsonSchema | undefined {
  if (format === undefined || format.type === "text") return undefined;
  if (format.type === "json_object") return { type: "object", additionalProperties: true };
  return parseJsonSchema(format.json_schema.schema, ["response_format", "json_schema", "schema"]);
}

function refusalOf(issue: z.core.$ZodIssue, body: unknown) {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") {
    const unknown = [...path, issue.keys[0]!];
    return parameterRefusal(unknown, valueAt(body, unknown));
  }
  const given = valueAt(body, path);
  if (issue.code === "custom" && issue.params?.unsupported === true) return parameterRefusal(path, given);
  return valueRefusal(path, given, issue.message);
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Value;
}
