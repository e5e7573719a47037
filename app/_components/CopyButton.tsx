import { useCopy } from "../_chat/use-copy";

/** Puts a text on the clipboard, and says so until the visitor goes on. */
export function CopyButton({ text, name }: { text: string; name: string }) {
  const { label, isCopied, copy, reset } = useCopy(text);
  return (
    <button
      type="button"
      className="button-plain"
      aria-label={isCopied ? undefined : name}
      onClick={copy}
      onBlur={reset}
    >
      {label}
    </button>
  );
}
