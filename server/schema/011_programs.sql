-- What a kiosk runs, as it says itself, and what became of the last release it was offered.
ALTER TABLE station ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE station ADD COLUMN update_state TEXT NOT NULL DEFAULT '';
ALTER TABLE station ADD COLUMN update_version TEXT NOT NULL DEFAULT '';
ALTER TABLE station ADD COLUMN update_reason TEXT NOT NULL DEFAULT '';
