/** What a shortcut did, for some seconds. */
export function ShortcutNote({ text }: { text: string | null }) {
  return (
    <div role="status" className="pointer-events-none fixed inset-x-3 bottom-3 z-10 flex justify-center">
      {text !== null && <p className="rounded-box border border-line bg-surface px-3 py-2 text-sm shadow-lg">{text}</p>}
    </div>
  );
}
