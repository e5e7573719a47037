/** One earlier exchange. */
export interface HistoryTurn {
  message: string;
  answer: string;
  /**
   * The user message exactly as the response model was shown it, with its segments, results and notes: what
   * `buildResponsePrompt` returned as its last message. Shown again, the model evaluates nothing of that turn twice.
   */
  sent?: string | undefined;
  /** The domain it was answered in; null: in none; absent where nobody knows. */
  domain?: string | null | undefined;
}

/** What one turn starts from. */
export interface Turn {
  /** As `checkMessage` returned it. */
  message: string;
  /** Oldest first. */
  history: readonly HistoryTurn[];
}
