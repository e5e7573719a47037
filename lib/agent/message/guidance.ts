import { looksLikeHomework } from "./homework";
import { showsConfusion } from "./confusion";
import { anyWord, lowerText } from "./words";

/** Whether a student wants to be led to an answer: set homework, being stuck, "how do I", "step by step", a hint. */
export function asksForGuidance(text: string): boolean {
  return looksLikeHomework(text) || showsConfusion(text) || GUIDE.test(lowerText(text));
}

const GUIDE = anyWord(
  "how (?:do|does|can|could|would|should|to) (?:i|we|you|one|u)? ?(?:solve|find|calculate|work out|compute|write|balance|prove|factor|graph|simplify|convert|start|begin|approach|do|remember|tell)",
  "step[- ]by[- ]steps?|walk me through|guide me|talk me through|show me how|teach me|tutor me|help me (?:understand|learn|with|solve|figure|start|write|study)",
  "(?:a|another|give me) (?:small |little )?hints?|don'?t (?:tell|give) me the answer|where do i (?:start|begin)|what(?: is|'s|s) the (?:first|next) step",
  "schritt für schritt|paso a paso|étape par étape|passo a passo",
);
