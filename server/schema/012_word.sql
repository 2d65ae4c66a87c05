-- When somebody else's word last opened this attendee: a ticket code given out in place of another,
-- a pairing by a station's word. What was opened since then ends as the person joins again.
ALTER TABLE attendee ADD COLUMN word_ms INTEGER;
