import type { StorageFolder } from "../../_storage/contract";

interface FolderChoiceProps {
  folders: readonly StorageFolder[];
  chosen: string;
  onChoose: (name: string) => void;
}

/** Which of the folders is shown, where there are several. */
export function FolderChoice({ folders, chosen, onChoose }: FolderChoiceProps) {
  return (
    <label className="flex min-w-0 items-center gap-2 text-sm text-quiet">
      Folder
      <select
        className="h-8 max-w-full min-w-0 rounded-control border border-field-line bg-surface px-1 text-ink"
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
      >
        {folders.map(({ name, path }) => (
          <option key={name} value={name} title={path}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
