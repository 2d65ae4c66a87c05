/* The PHOTO of a card: bytes, or a link to them. */
#pragma once

#include "core/card/card.h"
#include "core/card/line.h"

/*
 * Fills photo and photo_type, or photo_uri: from base64 (2.1, 3.0), a data: URI (RFC 2397) or any
 * other URI. False for what is none of these.
 */
bool photo_read(struct card *card, const struct line *l, struct arena *a);
