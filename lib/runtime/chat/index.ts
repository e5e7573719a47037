export type { AnswerExtra } from "./answer";
export type { ChatCall, ChatRuns, FollowedEvent, RecordedEvent } from "./contract";
export { RecordedChat } from "./chat-runs";
