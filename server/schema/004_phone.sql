-- The phone as a station: what it downloads, and what names people to it.

-- Counts the plans of an owner: a download that says the same number holds the same rows. Whoever
-- is in queue_dirty has news that is not counted yet.
ALTER TABLE queue_owner ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
