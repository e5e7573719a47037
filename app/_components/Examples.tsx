/** Of what the built-in models know, too. */
const EXAMPLES = [
  "Can you explain photosynthesis?",
  "How do I find the slope of a line from two points?",
  "Give me a practice question about percentages.",
  "How do I write a good thesis statement?",
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
