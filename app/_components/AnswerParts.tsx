import { Fragment, type ReactNode } from "react";

import type { TurnMessage } from "@/lib/wire";

import type { KeptText } from "../_chat/drafts";
import { questionIn } from "../_chat/practice-place";
import { CardMathematics } from "./CardMathematics";
import { LineMarkdown, Markdown, PracticeQuestion, ToolCard } from "./parts";

interface AnswerPartsProps {
  parts: TurnMessage["parts"];
  isLive: boolean;
  /** An answer to its question can be sent. */
  canAct: boolean;
  reply: string | undefined;
  /** What was chosen or written in its question, and not sent. */
  draft: KeptText;
  onAnswer: (text: string) => void;
}

/** Tools and text in the order they came. A practice question is drawn as controls in the place of its words. */
export function AnswerParts({ parts, isLive, canAct, reply, draft, onAnswer }: AnswerPartsProps) {
  return parts.map((part, index) => {
    if (part.type === "dynamic-tool")
      return <ToolCard key={part.toolCallId} part={part} isLive={isLive} renderMath={drawMath} />;
    if (part.type !== "text" || part.text === "") return null;
    const asked = questionIn(parts, part.text);
    if (asked === null) return <Text key={index} text={part.text} isLive={isLive} />;
    return (
      <Fragment key={index}>
        <Text text={part.text.slice(0, asked.start)} isLive={isLive} />
        <PracticeQuestion
          question={asked}
          onAnswer={onAnswer}
          disabled={!canAct}
          reply={reply}
          draft={draft}
          renderText={drawText}
        />
        <Text text={part.text.slice(asked.end)} isLive={isLive} />
      </Fragment>
    );
  });
}

function Text({ text, isLive }: { text: string; isLive: boolean }) {
  if (text.trim() === "") return null;
  return (
    <div data-testid="answer">
      <Markdown text={text} isStreaming={isLive} />
    </div>
  );
}

function drawMath(latex: string, plain: ReactNode) {
  return <CardMathematics latex={latex} plain={plain} />;
}

function drawText(text: string, shape: "block" | "line") {
  return shape === "line" ? <LineMarkdown text={text} /> : <Markdown text={text} isStreaming={false} />;
}
