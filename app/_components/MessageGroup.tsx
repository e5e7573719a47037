import { memo } from "react";

import type { MessageDetails, PrefillProgress, TurnMessage } from "@/lib/wire";

import type { HeardWait } from "../_trace/status-words";
import type { AgentSession } from "../_chat/agent-session";
import { guessHeight } from "../_chat/message-height";
import { useIsNear } from "../_chat/use-is-near";
import { AnswerView } from "./AnswerView";
import { MessagePlace } from "./MessagePlace";
import { PlainMessage } from "./PlainMessage";
import { QuestionView } from "./QuestionView";

/** How many messages are drawn at once, watched together, and left alone together while another group changes. */
export const GROUP_SIZE = 8;

export interface MessageGroupProps {
  messages: readonly TurnMessage[];
  /** Which of `messages` is the group's first. */
  start: number;
  details: ReadonlyMap<string, MessageDetails>;
  isBusy: boolean;
  isLost: boolean;
  wait: HeardWait | null;
  prefill: PrefillProgress | null;
  session: AgentSession;
}

/**
 * A few messages of a conversation, drawn once they come near to what is seen, and then for good. Drawn again only when one
 * of them changes: an answer that streams in costs the same after ten messages and after a thousand.
 */
export const MessageGroup = memo(function MessageGroup(props: MessageGroupProps) {
  const { messages, start, details, isBusy, isLost, wait, prefill, session } = props;
  const own = messages.slice(start, start + GROUP_SIZE);
  const isLastGroup = isLast(props);
  const { place, isNear } = useIsNear(start + 2 * GROUP_SIZE > messages.length);
  const draw = (message: TurnMessage, next: TurnMessage | undefined) => {
    if (!isNear && !isLastGroup) return <PlainMessage message={message} />;
    const shared = { message, details: details.get(message.id), canAct: !isBusy, session };
    if (message.role !== "assistant") return <QuestionView {...shared} />;
    const isLive = next === undefined && isBusy;
    return (
      <AnswerView
        {...shared}
        next={next}
        isLive={isLive}
        isLast={next === undefined}
        isCheap={isLastGroup && next !== undefined}
        isLost={isLive && isLost}
        wait={isLive ? wait : null}
        prefill={isLive ? prefill : null}
      />
    );
  };
  const style = isLastGroup ? undefined : { containIntrinsicBlockSize: `auto ${guessGroupHeight(own)}px` };
  return (
    <div ref={place} className={`flex min-w-0 flex-col gap-5 ${isLastGroup ? "" : "offscreen-cheap"}`} style={style}>
      {own.map((message, index) => (
        <MessagePlace key={message.id} id={message.id}>
          {draw(message, messages[start + index + 1])}
        </MessagePlace>
      ))}
    </div>
  );
}, isSameGroup);

const isLast = ({ messages, start }: MessageGroupProps): boolean => start + GROUP_SIZE >= messages.length;

const GAP = 20;

function guessGroupHeight(messages: readonly TurnMessage[]): number {
  return messages.reduce((sum, message) => sum + guessHeight(message) + GAP, -GAP);
}

/** Of the last answer alone it matters what it waits for. */
function isSameGroup(before: MessageGroupProps, after: MessageGroupProps): boolean {
  if (before.isBusy !== after.isBusy || before.session !== after.session || isLast(before) !== isLast(after))
    return false;
  const { isLost, wait, prefill } = before;
  if (isLast(after) && (isLost !== after.isLost || wait !== after.wait || prefill !== after.prefill)) return false;
  // The message behind the group is looked at as well: it may have answered a question in it.
  for (let index = after.start; index <= after.start + GROUP_SIZE; index += 1) {
    const message = after.messages[index];
    if (message !== before.messages[index]) return false;
    if (message !== undefined && before.details.get(message.id) !== after.details.get(message.id)) return false;
  }
  return true;
}
