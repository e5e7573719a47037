export { AlertStore, type StoredAlert, type WebhookState } from "./alerts-store";
export {
  CONVERSATION_LIMITS,
  type Conversation,
  type ConversationLimits,
  type ConversationPage,
  type ConversationQuery,
  type ConversationTree,
  type MessageRole,
  type NewMessage,
  type StoredMessage,
} from "./conversations-contract";
export type { ExportedConversation } from "./conversations-export";
export { ConversationStore, type ConversationOptions } from "./conversations";
export { DATABASE_FILE, openDatabase, type OpenedDatabase } from "./database";
export { FeedbackStore, type Feedback, type FeedbackOptions, type NewFeedback } from "./feedback";
export {
  FIGURE_SOURCES,
  TIMED_STEPS,
  type EndedRun,
  type FigureSource,
  type ListedFigures,
  type ModelFigures,
  type RunFigures,
  type RunWords,
  type TimedStep,
} from "./figures-contract";
export { RecentRuns, type RecentPage, type RecentQuery } from "./figures-recent";
export { FigureStore, type CountedRating, type FigureLimits } from "./figures-store";
export { DEFAULT_LEDGER_LIMIT, LedgerStore, MOST_LEDGER_RECORDS, type LedgerLimits } from "./ledger-store";
export { MemoryEventStore, MOST_EVENTS_READ, type MemoryEventLimits } from "./memory-events";
export { RepoUses } from "./repo-uses";
export type { KeptMoment } from "./samples/finest";
export type { SampledPoints, SeriesPoints } from "./samples/grid";
export { type SampleRange } from "./samples/levels";
export { keyOf as seriesKey } from "./samples/series";
export { SampleStore, type SampleStoreLimits } from "./samples/store";
export { MIGRATIONS, migrate, NewerDatabaseError, type Migration } from "./migrations";
export { RunAnswers, type RunAnswer } from "./run-words";
export { type RunTrim, type Trimmed } from "./run-trim";
export { RunStore, type RunOptions } from "./runs";
export {
  RUN_LIMITS,
  type AnswerSoFar,
  type NewRun,
  type ReapedRun,
  type Run,
  type RunEnd,
  type RunEvent,
  type RunEvents,
  type RunLimits,
  type RunOutcome,
} from "./runs-contract";
