import { contentOf, factsOf, type Content, type Role } from "./content";

/** How torch.save began a file before it wrote zips: a pickled number of its own (torch/serialization.py, MAGIC_NUMBER). */
const LEGACY_START = Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex");
const LOCAL_HEADER = Buffer.from("PK\x03\x04", "latin1");

/** Whether a zip's first entries are those that torch.save writes. */
export function isTorchZip(head: Buffer): boolean {
  if (!head.subarray(0, 4).equals(LOCAL_HEADER) || head.length < 34) return false;
  // data.pkl comes first, or after a few short entries that newer versions put before it.
  return head.subarray(0, 4096).includes("/data.pkl");
}

export function isTorchPickle(head: Buffer): boolean {
  if (head.subarray(0, LEGACY_START.length).equals(LEGACY_START)) return true;
  const isPickle = head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 9) <= 5;
  return isPickle && (head.includes("torch._utils") || head.includes("_rebuild_tensor"));
}

/** Whether all of the pickle is in `head`: what comes after it in the zip begins there, too. */
export function hasWholePickle(head: Buffer): boolean {
  return isTorchZip(head) && /\.pkl[^]*PK(?:\x01\x02|\x03\x04|\x07\x08)/.test(head.toString("latin1"));
}

/**
 * What a file of torch.save holds. Its list of tensors is a program (a pickle), which is not run: only the names in it are
 * looked at.
 *
 * @param isWhole whether `head` is all of the file; else what is not seen to be without weights may have some
 */
export function readTorchContent(head: Buffer, isWhole: boolean): Content {
  const role = roleOf(head.toString("latin1"), isWhole || hasWholePickle(head));
  const kind = role === "adapter" ? "adapter" : role === "training-state" ? "checkpoint" : "weights";
  return { ...contentOf("pytorch", kind), weights: factsOf("pytorch", role) };
}

const STATE_WORDS = /param_groups|exp_avg|optimizer_state|_step_count|last_epoch|rng_state/;
/** Names that a model's tensors have, or the entry that holds them: an optimizer numbers its own. */
const WEIGHT_NAMES = /\.(?:weight|bias)|X[^]{4}(?:model|module|net|network|ema|weights|[a-z_]*state_dict)[q\x94]/;

/** Many save the model and its optimizer in one file: that is a model. */
function roleOf(text: string, isWhole: boolean): Role {
  if (/lora_[AB]\b|lora_(?:down|up)\b/i.test(text)) return "adapter";
  return isWhole && STATE_WORDS.test(text) && !WEIGHT_NAMES.test(text) ? "training-state" : "model";
}
