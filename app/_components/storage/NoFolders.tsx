/** What to set, where no folder may be audited. */
export function NoFolders() {
  return (
    <div
      className="flex max-w-prose flex-col gap-2 rounded-box border border-line bg-surface p-4"
      data-testid="no-folders"
    >
      <h2 className="text-lg font-semibold">No folder is named yet</h2>
      <p>
        This page says why a folder is as large as it is and what can be done about it, phase by phase. Which folders it
        may look into is for the server&apos;s owner to say: set{" "}
        <code className="font-mono text-sm">MEMWELL_AUDIT_DIRS</code> to their paths, with commas between them, and
        start Memwell again.
      </p>
      <pre className="overflow-x-auto rounded-control bg-raised px-3 py-2 font-mono text-sm" tabIndex={0}>
        MEMWELL_AUDIT_DIRS=/path/to/models npm start
      </pre>
      <p>
        On the command line, <code className="font-mono text-sm">npx memwell audit FOLDER</code> tells the same of any
        folder.
      </p>
    </div>
  );
}
