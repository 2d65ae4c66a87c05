-- Since when a first phone is in by the badge alone: a station's word that was never compared with a
-- proof of the person. What came in since then ends, and what it joined is parted, as a joining shows
-- this attendee's ticket code.
ALTER TABLE attendee ADD COLUMN badge_ms INTEGER;
