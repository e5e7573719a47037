import type { Token, Tokenizer } from "node-llama-cpp";
import type { Host } from "./host";

/**
 * The model's tokenizer, but for one thing: a thought tag in what a person wrote is text. Where a vocabulary has the tags as
 * user-defined tokens, llama.cpp finds them in every text, told to read control tokens or not; so the text is cut behind
 * their first character. Nothing else is cut: other user-defined tokens, such as runs of spaces, are the right ones.
 *
 * @param host.thoughtTags what the chat template itself writes comes as special text, and is not touched
 */
export function plainTextTokenizer({ model, thoughtTags }: Pick<Host, "model" | "thoughtTags">): Tokenizer {
  const { tokenizer } = model;
  const { open = "", close = "" } = thoughtTags ?? {};
  // Where the template opens each thought itself, only the tag that closes it is known, which names the other one.
  const tags = [open === "" ? close.replace(/^(\W)\//, "$1") : open, close].filter(
    (tag) => tag.length > 1 && tokenizer(tag, false, "trimLeadingSpace").length === 1,
  );
  if (tags.length === 0) return tokenizer;
  return new Proxy(tokenizer, {
    apply(target, self, given: [text: string, special?: boolean | "builtin", options?: "trimLeadingSpace"]) {
      const [text, special, options] = given;
      if (special === true || special === "builtin") return Reflect.apply(target, self, given) as Token[];
      const [first = "", ...rest] = cutInside(text, tags);
      const others = rest.flatMap((part) => model.tokenize(part, false, "trimLeadingSpace"));
      return [...model.tokenize(first, false, options), ...others];
    },
  });
}

/** The text in parts, none of which has a whole tag in it. */
function cutInside(text: string, tags: readonly string[]): string[] {
  const cuts = tags.flatMap((tag) => {
    const found: number[] = [];
    for (let at = text.indexOf(tag); at >= 0;) {
      found.push(at + 1);
      at = text.indexOf(tag, at + 1);
    }
    return found;
  });
  const ends = [...new Set(cuts)].sort((left, right) => left - right);
  return [0, ...ends].map((start, index) => text.slice(start, ends[index]));
}
