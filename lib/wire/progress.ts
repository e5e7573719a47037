import { commentFrame } from "./sse";

/** How much of the prompt has been read, in tokens. */
export interface PrefillProgress {
  evaluated: number;
  total: number;
}

/** Progress as a comment of the stream: OpenAI's clients skip it, our page shows it. */
export function encodeProgress(progress: PrefillProgress): string {
  return commentFrame(`prefill ${progress.evaluated}/${progress.total}`);
}
