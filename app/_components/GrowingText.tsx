import { memo } from "react";

const Paragraph = memo(function Paragraph({ text }: { text: string }) {
  return <p className="wrap-anywhere whitespace-pre-wrap">{text}</p>;
});

/** Text that streams in. It is split at blank lines, so that of a long answer only the last paragraph is laid out again. */
export function GrowingText({ text }: { text: string }) {
  return (
    <div className="flex flex-col gap-3">
      {text.split(/\n{2,}/).map((paragraph, index) => (
        <Paragraph key={index} text={paragraph} />
      ))}
    </div>
  );
}
