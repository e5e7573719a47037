import type { Migration } from "./migrations";

export const FIGURES_AND_ALERTS: Migration = {
  name: "figures of runs, and alerts",
  // What is kept of a run when its words are gone: no text, and ids that may be those of a removed conversation.
  sql: `
    ALTER TABLE runs ADD COLUMN has_figures INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX runs_without_figures ON runs (key) WHERE outcome IS NOT NULL AND has_figures = 0;

    CREATE TABLE run_figures (
      key INTEGER PRIMARY KEY AUTOINCREMENT,
      run TEXT NOT NULL UNIQUE,
      source TEXT NOT NULL CHECK (source IN ('chat', 'agent', 'model')),
      conversation_id TEXT,
      message_id TEXT,
      visitor TEXT,
      model TEXT,
      began_at INTEGER NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('done', 'stopped', 'failed', 'interrupted')),
      error_code TEXT,
      duration_ms REAL,
      first_token_ms REAL,
      wait_ms REAL,
      load_ms REAL,
      rules_ms REAL,
      decision_ms REAL,
      tool_ms REAL,
      thinking_ms REAL,
      response_ms REAL,
      answer_tokens INTEGER,
      answer_ms REAL,
      swaps INTEGER NOT NULL,
      decisions TEXT,
      segments TEXT,
      models TEXT NOT NULL
    ) STRICT;
    CREATE INDEX run_figures_by_time ON run_figures (began_at);
    CREATE INDEX run_figures_by_message ON run_figures (conversation_id, message_id) WHERE conversation_id IS NOT NULL;

    CREATE TABLE alerts (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,
      subject TEXT,
      text TEXT NOT NULL,
      value REAL NOT NULL,
      bound REAL NOT NULL,
      began_at INTEGER NOT NULL,
      ended_at INTEGER,
      webhook TEXT NOT NULL CHECK (webhook IN ('none', 'pending', 'sent', 'failed'))
    ) STRICT;
    CREATE UNIQUE INDEX alerts_open ON alerts (name, coalesce(subject, '')) WHERE ended_at IS NULL;`,
};
