import type { FolderRow } from "../../_storage/contract";
import { MARK_WORDS } from "../../_storage/words";
import { Mark } from "../analytics/Mark";

const TONES = { "act-now": "bad", look: "good", fine: "plain" } as const;

/** What the audit asks its owner to do. */
export function StorageMark({ mark }: { mark: FolderRow["mark"] }) {
  return <Mark tone={TONES[mark]}>{MARK_WORDS[mark]}</Mark>;
}
