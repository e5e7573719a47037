/**
 * The tables and indexes of a trackio project, as gradio-app/trackio 0.36 makes them (`trackio/sqlite_storage.py`,
 * `init_db`). Tables that only its own uploads and artifacts need are left to trackio, which adds what is missing.
 */
export const TRACKIO_SCHEMA = `
  CREATE TABLE metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL,
    step INTEGER NOT NULL,
    metrics TEXT NOT NULL,
    log_id TEXT,
    space_id TEXT
  );
  CREATE TABLE configs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    run_name TEXT NOT NULL,
    config TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE(run_id)
  );
  CREATE TABLE system_metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL,
    metrics TEXT NOT NULL,
    log_id TEXT,
    space_id TEXT
  );
  CREATE TABLE traces (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL,
    step INTEGER NOT NULL,
    key TEXT NOT NULL,
    trace_index INTEGER,
    messages TEXT NOT NULL,
    metadata TEXT NOT NULL,
    search_text TEXT NOT NULL,
    log_id TEXT,
    space_id TEXT
  );
  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT,
    level TEXT NOT NULL DEFAULT 'warn',
    step INTEGER,
    alert_id TEXT
  );
  CREATE TABLE project_metadata (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE INDEX idx_metrics_run_step ON metrics(run_id, step);
  CREATE INDEX idx_metrics_run_timestamp ON metrics(run_id, timestamp);
  CREATE UNIQUE INDEX idx_metrics_log_id ON metrics(log_id) WHERE log_id IS NOT NULL;
  CREATE INDEX idx_metrics_pending ON metrics(space_id) WHERE space_id IS NOT NULL;
  CREATE INDEX idx_configs_run_name ON configs(run_name);
  CREATE INDEX idx_system_metrics_run_timestamp ON system_metrics(run_id, timestamp);
  CREATE UNIQUE INDEX idx_system_metrics_log_id ON system_metrics(log_id) WHERE log_id IS NOT NULL;
  CREATE INDEX idx_system_metrics_pending ON system_metrics(space_id) WHERE space_id IS NOT NULL;
  CREATE INDEX idx_traces_run_step ON traces(run_id, step);
  CREATE INDEX idx_traces_run_timestamp ON traces(run_id, timestamp);
  CREATE INDEX idx_traces_search ON traces(search_text);
  CREATE INDEX idx_alerts_run ON alerts(run_id);
  CREATE INDEX idx_alerts_timestamp ON alerts(timestamp);
  CREATE UNIQUE INDEX idx_alerts_alert_id ON alerts(alert_id) WHERE alert_id IS NOT NULL;`;

/** Says that a file was written by an export, which may therefore be written again. */
export const EXPORT_KEY = "memwell_exported_at";
