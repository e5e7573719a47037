export { DATABASE_FILE, openDatabase, type OpenedDatabase } from "./database";
export { DEFAULT_LEDGER_LIMIT, LedgerStore, MOST_LEDGER_RECORDS, type LedgerLimits } from "./ledger-store";
export { RepoUses } from "./repo-uses";
export { MIGRATIONS, migrate, NewerDatabaseError, type Migration } from "./migrations";
