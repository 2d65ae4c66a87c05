-- When somebody else's word first opened this attendee since it was last joined to others: a ticket
-- code given out in place of another, a pairing by a station's word. What was opened since then ends
-- as the person joins it again.
ALTER TABLE attendee ADD COLUMN word_ms INTEGER;
