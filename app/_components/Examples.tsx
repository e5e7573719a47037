const EXAMPLES = [
  "Explain in three sentences what a KV cache is.",
  "Write a haiku about a small computer.",
  "A train leaves at 9:40 and arrives at 13:05. How long is the journey?",
  "Name three ways to make a program use less memory.",
];

/** What an empty chat offers: one press asks. */
export function Examples({ onChoose }: { onChoose: (question: string) => void }) {
  return (
    <div className="my-auto">
      <h2 className="mb-3 text-center text-quiet">Ask something, or begin with an example</h2>
      <ul className="grid gap-2 sm:grid-cols-2">
        {EXAMPLES.map((example) => (
          <li key={example} className="flex">
            <button
              type="button"
              className="flex-1 rounded-box border border-line bg-surface px-3 py-3 text-left text-sm hover:border-accent-line hover:bg-accent-soft"
              onClick={() => onChoose(example)}
            >
              {example}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
