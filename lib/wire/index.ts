export { agentTurnOf } from "./agent-call";
export { collectAgentCompletion } from "./agent-completion";
export { AgentChunkEncoder } from "./agent-completion-stream";
export { parseCacheApply, parseCacheCall, withoutPaths, type CacheCall } from "./cache";
export {
  encodeCatalogue,
  encodeModelUse,
  parseUseCall,
  type CatalogueBody,
  type CatalogueEntryBody,
  type CatalogueFitBody,
  type ModelUseBody,
} from "./catalogue";
export { encodeCleaning, parseCacheCancel, type CleaningFigures, type CleaningFrame } from "./cleaning";
export { parseCacheFilesQuery, parseKnownListing, type CacheFilesQuery } from "./cache-queries";
export { collectChatCompletion, createCompletionIdentity, type CompletionIdentity } from "./chat-completion-response";
export { ChunkEncoder, type ChunkEncoderOptions } from "./chat-completion-stream";
export type * from "./chat-completion-types";
export { parseChatCompletionRequest, type ChatCompletionCall } from "./chat-completions";
export { errorBody, errorRecordOf, httpStatusOf, type ErrorBody, type ErrorType } from "./errors";
export { parseJsonSchema, type JsonSchema } from "./json-schema";
export {
  AGENT_ID,
  encodeModel,
  encodeModelList,
  type AgentSettings,
  type ModelEntry,
  type ModelList,
  type ModelState,
  type ModelSummary,
} from "./models";
export {
  encodeProgress,
  encodeWait,
  HEARTBEAT_FRAME,
  type FetchingComment,
  type FetchProgress,
  type LoadingComment,
  type PrefillProgress,
  type QueuedComment,
  type WaitNotice,
  type WaitSubject,
} from "./progress";
export { DONE_FRAME, commentFrame, dataFrame } from "./sse";
export { encodeFit, parseFitQuery, type FitBody } from "./fit";
export { encodeMemory, type MemoryBody, type MemoryFigures } from "./memory";
export {
  encodeMemoryLog,
  MOST_LOG_RECORDS,
  parseMemoryLogQuery,
  type MemoryLogBody,
  type MemoryLogEntry,
} from "./memory-log";
export type { AlertEntry, MetricsSummary, ModelTotals, Spread, Summary } from "../analytics";
export {
  encodeMemoryEvents,
  MOST_EVENTS,
  parseMemoryEventQuery,
  type MemoryEventEntry,
  type MemoryEventsBody,
} from "./memory-events";
export {
  encodeMemorySamples,
  MOST_POINTS,
  parseSampleQuery,
  type MemorySamplesBody,
  type SampleQuery,
} from "./memory-samples";
export { encodeMetrics, type MetricsReport } from "./metrics";
export { parseMetricsQuery, parseMetricsRunsQuery, type MetricsRunsQuery } from "./metrics-query";
export { encodeMetricsRuns, type MetricsRun, type MetricsRunsBody } from "./metrics-runs";
export type { TurnReport } from "./metrics-turns";
export {
  parseEvaluation,
  type Evaluation,
  type EvaluationRate,
  type EvaluationsBody,
  type Proportion,
} from "./evaluation";
export { encodePrometheus, PROMETHEUS_CONTENT_TYPE, type Metric } from "./prometheus";
export { parseChatCall, type ChatCall } from "./chat-call";
export { readId, type SentMessage } from "./chat-call-message";
export { parseResumeQuery, type ResumeQuery } from "./chat-call-resume";
export type { ChatSettings } from "./chat-call-settings";
export { UiStreamEncoder, type UiStreamEnd, type UiStreamIdentity } from "./ui-stream";
export type * from "./ui-stream-types";
export {
  activeBranch,
  encodeConversation,
  encodeConversationEntry,
  encodeConversationList,
  encodeFeedback,
} from "./conversation";
export {
  parseConversationChange,
  parseConversationQuery,
  parseExportFormat,
  parseFeedback,
  type ConversationChange,
  type ConversationListQuery,
  type FeedbackCall,
} from "./conversation-calls";
export { attachmentHeader } from "./conversation-file-name";
export { conversationMarkdown } from "./conversation-markdown";
export type * from "./conversation-types";
export { storedMessage, type KeptMessage, type KeptRun } from "./stored-message";
export {
  encodeWork,
  parseStorageApply,
  parseStorageEmpty,
  parseStorageFolder,
  parseStorageQuery,
  parseStorageUndo,
  parseStorageViewQuery,
  type StorageApplyCall,
  type StorageFrame,
} from "./storage";
