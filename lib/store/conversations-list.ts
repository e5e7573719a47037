import { sql } from "kysely";
import { checkText, cursorAfter, fold, pageSize, readCursor } from "./conversations-checks";
import type { ConversationPage, ConversationQuery } from "./conversations-contract";
import { shownConversation } from "./conversations-rows";
import { queries, type TypedDatabase } from "./kysely";

const LONGEST_SEARCH = 200;

/**
 * One page of a session's conversations, newest first. A conversation that gets a message between two pages goes to the
 * first one.
 *
 * @throws MemwellError `invalid_request` for a cursor that is none, `request_too_large` for a long search
 */
export function listConversations(
  database: TypedDatabase,
  session: string,
  { after, limit, search }: ConversationQuery,
): ConversationPage {
  const size = pageSize(limit, 50, 200);
  let page = queries
    .selectFrom("conversations")
    .selectAll()
    .where("session_id", "=", session)
    .where("deleted_at", "is", null)
    .orderBy("updated_at", "desc")
    .orderBy("id", "desc")
    .limit(size + 1);
  if (after !== undefined) {
    const [updatedAt, id] = readCursor(after);
    page = page.where((row) => row(row.refTuple("updated_at", "id"), "<", row.tuple(updatedAt, id)));
  }
  if (search !== undefined && search !== "") page = page.where(contains(search));

  const rows = database.all(page);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    conversations: rows.slice(0, size).map(shownConversation),
    next: last === undefined ? null : cursorAfter(last.updated_at, last.id),
  };
}

/** That the title or a message, of any branch, has this text in it. */
function contains(search: string) {
  // Not LIKE: it compares a letter at a time, and takes seconds for a search that almost fits everywhere.
  const wanted = fold(checkText("search", search, LONGEST_SEARCH));
  return sql<boolean>`(
    instr(coalesce(conversations.title_folded, lower(conversations.title)), ${wanted}) > 0
    or exists (
      select 1 from messages
      where messages.conversation_id = conversations.id
        and instr(coalesce(messages.text_folded, lower(messages.text)), ${wanted}) > 0))`;
}
