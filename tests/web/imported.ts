import type { ChatScreen } from "./browser";

/** A conversation that was written and not answered by a model. */
export interface Written {
  title: string;
  question: string;
  answer: string;
  /** What is kept with the answer besides its text. */
  extra: object;
}

/** Imports a conversation of one question as Memwell exports it, which opens it. */
export async function openWritten(chat: ChatScreen, { title, question, answer, extra }: Written): Promise<void> {
  const created_at = Date.now();
  const ended = { outcome: "done", finish_reason: "stop", ...extra };
  const exported = {
    format: "memwell.conversation",
    version: 1,
    title,
    created_at,
    active: "a1",
    messages: [
      { id: "q1", parent_id: null, role: "user", text: question, extra: null, created_at },
      { id: "a1", parent_id: "q1", role: "assistant", text: answer, extra: ended, created_at },
    ],
  };
  const buffer = Buffer.from(JSON.stringify(exported));
  // The list is there twice where it is open over the page.
  const field = chat.page.getByLabel("Import a conversation").last();
  await field.setInputFiles({ name: "written.json", mimeType: "application/json", buffer });
  await chat.questions.getByText(question, { exact: true }).waitFor();
}
