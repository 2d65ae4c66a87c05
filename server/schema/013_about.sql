-- What was taken back is not said any more. Whether one of a meeting's two hides it is asked for each
-- introduction by it, of which, as of all else that is said about it, others may write any number.
DELETE FROM about WHERE EXISTS (SELECT 1 FROM mention m WHERE m.event = about.event
	AND m.ref = about.ref AND m.row = about.row AND m.gone = 1);
CREATE INDEX about_kind ON about (event, of_id, kind, ref);
