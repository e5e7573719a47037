import type {
  ConversationBody,
  ConversationEntry,
  ConversationListBody,
  FeedbackEntry,
  RunPlaceBody,
} from "@/lib/wire";

import { visitorFetch } from "./visitor-fetch";

/*
 * The routes of /api/conversations, and the one that stops an answer. All throw `Refusal`.
 */

const ALL = "/api/conversations";
const at = (id: string): string => `${ALL}/${encodeURIComponent(id)}`;

/** @param after the `next` of the page before */
export function listConversations(search: string, after: string | null): Promise<ConversationListBody> {
  const parameters = new URLSearchParams();
  if (search !== "") parameters.set("search", search);
  if (after !== null) parameters.set("after", after);
  return call(`${ALL}?${parameters.toString()}`, "GET");
}

export function readConversation(id: string): Promise<ConversationBody> {
  return call(at(id), "GET");
}

/** Where the answer of a run stands. */
export function findRun(run: string): Promise<RunPlaceBody> {
  return call(`/api/runs/${encodeURIComponent(run)}`, "GET");
}

export function renameConversation(id: string, title: string): Promise<ConversationEntry> {
  return call(at(id), "PATCH", { title });
}

/** Shows the branch that a message is on. */
export function switchBranch(id: string, message: string): Promise<ConversationBody> {
  return call(at(id), "PATCH", { active: message });
}

export function removeConversation(id: string): Promise<unknown> {
  return call(at(id), "DELETE");
}

export function restoreConversation(id: string): Promise<ConversationEntry> {
  return call(`${at(id)}/restore`, "POST", {});
}

/** @param exported the text of a file that was exported as JSON */
export function importConversation(exported: string): Promise<ConversationEntry> {
  return callWith(`${ALL}/import`, "POST", exported);
}

export function exportAddress(id: string, format: "json" | "markdown"): string {
  return `${at(id)}/export?format=${format}`;
}

/** The same as a file with the name that the server gives it. */
export async function fetchExport(id: string, format: "json" | "markdown"): Promise<{ name: string; file: Blob }> {
  const response = await visitorFetch(exportAddress(id, format), { cache: "no-store" });
  const [, encoded = "conversation"] =
    /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  return { name: decodeURIComponent(encoded), file: await response.blob() };
}

export function rateMessage(id: string, message: string, opinion: Opinion): Promise<FeedbackEntry> {
  return call(`${at(id)}/messages/${encodeURIComponent(message)}/feedback`, "PUT", opinion);
}

export function unrateMessage(id: string, message: string): Promise<unknown> {
  return call(`${at(id)}/messages/${encodeURIComponent(message)}/feedback`, "DELETE");
}

/** What a visitor thinks of an answer; the comment may be empty. */
export interface Opinion {
  rating: "like" | "dislike";
  comment: string;
}

/** Ends what is being written, and waits for its end; returns the ids of those runs. */
export async function stopAnswers(id: string): Promise<string[]> {
  const { stopped } = await call<{ stopped: string[] }>(`/api/chat/${encodeURIComponent(id)}/stop`, "POST", {});
  return stopped;
}

function call<Body>(address: string, method: string, body?: object): Promise<Body> {
  return callWith(address, method, body === undefined ? undefined : JSON.stringify(body));
}

async function callWith<Body>(address: string, method: string, body?: string): Promise<Body> {
  const headers = { "content-type": "application/json" };
  const sent = body === undefined ? {} : { body, headers };
  const response = await visitorFetch(address, { method, cache: "no-store", ...sent });
  return (await response.json()) as Body;
}
