-- Sealed payloads as they came, from the acknowledgement until they are opened and judged, a
-- moment later (server/store/opening.h). Then the row is gone from here, and what was in it is in
-- private, or in entry where the kind is open. Which modules name this table: private.h.
CREATE TABLE sealed (
	row INTEGER NOT NULL PRIMARY KEY REFERENCES entry (row),
	payload BLOB NOT NULL
);

-- Refusals again, by station, numbered as they were made: some are made after the reply to their
-- batch, and a station is told those past the last number that it heard of.
CREATE TABLE refusal_by_station (
	event INTEGER NOT NULL,
	station INTEGER NOT NULL,
	number INTEGER NOT NULL, -- 1, 2, 3 ... of this station
	stream INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	id BLOB NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (event, station, number)
) WITHOUT ROWID;
INSERT INTO refusal_by_station (event, station, number, stream, seq, id, reason)
	SELECT r.event, s.station,
		ROW_NUMBER() OVER (PARTITION BY r.event, s.station ORDER BY r.stream, r.seq),
		r.stream, r.seq, r.id, r.reason
	FROM refusal r JOIN stream s ON s.stream = r.stream;
DROP TABLE refusal;
ALTER TABLE refusal_by_station RENAME TO refusal;
CREATE UNIQUE INDEX refusal_seq ON refusal (event, stream, seq);
