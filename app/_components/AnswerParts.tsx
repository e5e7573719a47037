import { Fragment } from "react";

import type { TurnMessage } from "@/lib/wire";

import { questionIn } from "../_chat/practice-place";
import { Markdown, PracticeQuestion, ToolCard } from "./parts";

interface AnswerPartsProps {
  parts: TurnMessage["parts"];
  isLive: boolean;
  /** An answer to its question can be sent. */
  canAct: boolean;
  reply: string | undefined;
  onAnswer: (text: string) => void;
}

/** Tools and text in the order they came. A practice question is drawn as controls in the place of its words. */
export function AnswerParts({ parts, isLive, canAct, reply, onAnswer }: AnswerPartsProps) {
  return parts.map((part, index) => {
    if (part.type === "dynamic-tool") return <ToolCard key={part.toolCallId} part={part} isLive={isLive} />;
    if (part.type !== "text" || part.text === "") return null;
    const asked = questionIn(parts, part.text);
    if (asked === null) return <Text key={index} text={part.text} isLive={isLive} />;
    return (
      <Fragment key={index}>
        <Text text={part.text.slice(0, asked.start)} isLive={isLive} />
        <PracticeQuestion question={asked} onAnswer={onAnswer} disabled={!canAct} reply={reply} />
        <Text text={part.text.slice(asked.end)} isLive={isLive} />
      </Fragment>
    );
  });
}

function Text({ text, isLive }: { text: string; isLive: boolean }) {
  return text.trim() === "" ? null : <Markdown text={text} isStreaming={isLive} />;
}
