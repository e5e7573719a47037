import { showsConfusion } from "../message/confusion";
import { isVague } from "../message/vague";
import type { DecisionPolicy } from "./contract";
import { knownFromMessage } from "./known";

/** Is the message vague, does the student not understand, both, or neither? */
export const clarityPolicy: DecisionPolicy = {
  id: "clarity",
  answers: {
    vague: ["VAGUE_INPUT"],
    unclear: ["USER_UNDERSTANDING"],
    both: ["VAGUE_INPUT", "USER_UNDERSTANDING"],
    neither: [],
  },
  usesHistory: true,
  known: (turn) => knownFromMessage(turn, "neither"),
  rule: ({ message, history }) => {
    const vague = isVague(message, history.length > 0);
    const unclear = showsConfusion(message);
    if (vague && unclear) return "both";
    return vague ? "vague" : unclear ? "unclear" : "neither";
  },
  threshold: { share: 0.45, lead: 0.15 },
};
