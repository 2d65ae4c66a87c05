-- What stations say of themselves: nothing of people. A sign that is over keeps its last time.
CREATE TABLE station_sign (
	event INTEGER NOT NULL,
	station INTEGER NOT NULL,
	sign TEXT NOT NULL, -- reader, disk, power, ... (kiosk/watch.h)
	since_ms INTEGER NOT NULL,
	until_ms INTEGER, -- NULL: it is so now
	value INTEGER,
	PRIMARY KEY (event, station, sign)
) WITHOUT ROWID;
