import type { StorageFolder as FolderOfServer } from "@/lib/runtime";

export type {
  ApplyProgress,
  AuditEntry,
  AuditProgress,
  FolderRow,
  FolderView,
  RestoreProgress,
  StorageApplied,
  StorageEmptied,
  StorageFinding,
  StorageModel,
  StoragePhase,
  StoragePlan,
  StorageReport,
  StorageRestored,
  StorageResumed,
  StorageSums,
  StorageTrash,
  StorageWork,
} from "@/lib/runtime";

/** The path is told to the administrator only. */
export type StorageFolder = Omit<FolderOfServer, "path"> & { path?: string };

/** The body of `GET /api/storage`. */
export interface FoldersBody {
  folders: StorageFolder[];
}
