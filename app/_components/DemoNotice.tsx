/** Says that the answers are nonsense, and why, before anyone wonders. */
export function DemoNotice() {
  return (
    <section
      aria-label="About this model"
      className="rounded-box border border-accent-line bg-accent-soft px-3 py-2 text-sm"
    >
      <strong className="font-semibold">
        This is a built-in demo model: its weights are random and it speaks nonsense.
      </strong>{" "}
      <span className="max-sm:sr-only">
        Choose a real one under Models, or set{" "}
        <code className="font-mono text-[0.8em] break-words">MEMWELL_RESPONSE_MODEL</code> to the path of a GGUF file
        and start again.
      </span>
    </section>
  );
}
