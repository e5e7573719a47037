import type { ChatMessage } from "../../lib/engine";

/**
 * How the built-in models read and write a conversation. Every mark is one token of the vocabulary and nothing but marks
 * stands between texts, so that a text is cut into the same tokens wherever it stands. The chat template that goes into a
 * GGUF file and the training data are both made of this file.
 */
export const MARKS = {
  /** Fills rows; never seen by the model. */
  padding: "<|endoftext|>",
  system: "<|system|>",
  user: "<|user|>",
  assistant: "<|assistant|>",
  end: "<|end|>",
  thoughtStart: "<think>",
  thoughtEnd: "</think>",
} as const;

/** In the order of their numbers, which follow those of the 256 bytes and the merges. */
export const CONTROL_MARKS = [MARKS.padding, MARKS.system, MARKS.user, MARKS.assistant, MARKS.end] as const;
/** Ordinary text of one token, as other models have them. */
export const THOUGHT_MARKS = [MARKS.thoughtStart, MARKS.thoughtEnd] as const;

/** A piece of a training example: one mark, or a text without any. `learn`: the model is to write it. */
export interface Part {
  text: string;
  learn: boolean;
}

export interface ChatFormat {
  chatTemplate: string;
  controlMarks: readonly string[];
  thoughtMarks: readonly string[];
  padding: string;
  end: string;
}

export function formatOf({ thinks }: { thinks: boolean }): ChatFormat {
  return {
    chatTemplate: thinks ? THINKING_TEMPLATE : PLAIN_TEMPLATE,
    controlMarks: CONTROL_MARKS,
    thoughtMarks: THOUGHT_MARKS,
    padding: MARKS.padding,
    end: MARKS.end,
  };
}

/**
 * The messages as the chat template shows them. `open`: the last message is the beginning of the model's own answer and
 * goes on. Nothing of it is to be learned; `[]` when there are no messages.
 */
export function renderMessages(messages: readonly ChatMessage[], { open }: { open: boolean }): Part[] {
  const given = (text: string): Part => ({ text, learn: false });
  return messages.flatMap(({ role, content }, index) => {
    const whole = [given(MARKS[role]), given(content), given(MARKS.end)];
    return open && index === messages.length - 1 ? whole.slice(0, 2) : whole;
  });
}

/** What the model writes: its thought, if any, then its answer, then the mark that ends it. */
export function renderAnswer(answer: { thought?: string; text?: string }): Part[] {
  const { thought, text } = answer;
  const texts = [
    ...(thought === undefined ? [] : [MARKS.thoughtStart, thought, MARKS.thoughtEnd]),
    ...(text === undefined ? [] : [text]),
    MARKS.end,
  ];
  return texts.map((piece) => ({ text: piece, learn: true }));
}

const PLAIN_TEMPLATE = `{%- for message in messages %}
    {{- '<|' + message.role + '|>' + message.content + '${MARKS.end}' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '${MARKS.assistant}' }}
{%- endif %}`;

/** Thoughts before the last question are left out; the model opens a thought by itself. */
const THINKING_TEMPLATE = `{%- set ns = namespace(last_question=-1) %}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {%- set ns.last_question = loop.index0 %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {{- '<|' + message.role + '|>' }}
    {%- if message.role == 'assistant' and loop.index0 > ns.last_question and message.reasoning_content %}
        {{- '${MARKS.thoughtStart}' + message.reasoning_content + '${MARKS.thoughtEnd}' }}
    {%- endif %}
    {{- message.content + '${MARKS.end}' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '${MARKS.assistant}' }}
{%- endif %}`;
