import type { MessageDetails, TurnMessage } from "@/lib/wire";

import type { AgentSession } from "../_chat/agent-session";
import { answerEnd, type AnswerEnd } from "../_chat/answer-end";
import { textOf } from "../_chat/message-text";
import { BranchSwitch } from "./BranchSwitch";
import { CopyButton } from "./CopyButton";
import { MessageTime } from "./MessageTime";
import { Opinion } from "./Opinion";

/** What is asked when an answer is to go on. */
const GO_ON = "Go on.";

interface AnswerActionsProps {
  message: TurnMessage;
  details: MessageDetails | undefined;
  isLast: boolean;
  canAct: boolean;
  session: AgentSession;
}

/** How an answer ended, where that was not as it should be, and what can be done with it. */
export function AnswerActions({ message, details, isLast, canAct, session }: AnswerActionsProps) {
  const end = answerEnd(message);
  const text = textOf(message);
  const began = message.metadata?.beganAt ?? details?.created_at;
  const again = () => void session.regenerate(message.id);
  return (
    <>
      <EndNote end={end} />
      <div className="flex flex-wrap items-center gap-1 text-xs text-quiet" data-testid="facts">
        {end.type === "stopped" && <span className="mr-1">stopped</span>}
        <MessageTime moment={began} />
        <BranchSwitch details={details} canAct={canAct} session={session} />
        {text !== "" && <CopyButton text={text} name="Copy the answer" />}
        {isLast && end.type !== "done" && end.type !== "failed" && (
          <button
            type="button"
            className="button-plain"
            disabled={!canAct}
            // An answer without a word is no part of what the agent is told: there is nothing to go on from.
            onClick={text === "" ? again : () => void session.ask(GO_ON)}
            title={text === "" ? "Asks the agent once more" : "Asks the agent to go on"}
          >
            Continue
          </button>
        )}
        <button type="button" className="button-plain" disabled={!canAct} onClick={again} title="Another answer">
          Try again
        </button>
        {details !== undefined && <Opinion details={details} session={session} />}
      </div>
    </>
  );
}

function EndNote({ end }: { end: AnswerEnd }) {
  if (end.type !== "failed" && end.type !== "interrupted") return null;
  const [look, words] =
    end.type === "failed" ? ["border-bad-line bg-bad-soft", "text-bad"] : ["border-accent-line bg-accent-soft", ""];
  return (
    <div
      className={`rounded-box border px-3 py-2 ${look}`}
      data-testid={end.type === "failed" ? "error" : "interrupted"}
    >
      <p className={`wrap-anywhere ${words}`}>
        {end.type === "interrupted" && <strong className="font-semibold">Interrupted. </strong>}
        {end.error.message}
      </p>
    </div>
  );
}
