-- What a buddy may see of an owner: counts of the goals, as JSON, from the last plan.
ALTER TABLE queue_owner ADD COLUMN goals TEXT NOT NULL DEFAULT '{}';
