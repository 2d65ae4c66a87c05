/*
 * A person's printed badge: event, name, organization, what breaks the ice, and the QR code of the
 * badge's link with its short code. Wide badges have the code beside the name, tall ones below.
 */
#pragma once

#include "core/print/page.h"

struct badge_art {
	struct str event, name, organization, title;
	struct str line;  /* what to talk about; empty: nothing */
	struct str queue; /* "G-M": at which desk this badge waits; empty: nothing */
	struct str link;  /* in the code; LIMIT_CODE_BYTES at most */
	struct str code;  /* below it, to be typed; empty: nothing */
};

/* What the person at the printer should know. */
struct badge_art_report {
	double module_mm, code_mm; /* of the code, and its side with the quiet zone */
	double reads_mm;	   /* how far from a kiosk's camera it reads */
	bool near;		   /* that is nearer than was asked for */
	bool cut, missing;	   /* as in struct page_fit, of any text */
};

/*
 * Draw into box. ERR_TOO_LARGE: the link's code does not fit with modules of at least
 * QR_MODULE_LEAST_MM, and how large the badge has to be.
 */
MUST_CHECK bool badge_art_draw(struct page *p, struct box box, const struct badge_art *art,
	double distance_mm, struct badge_art_report *out, struct arena *a, struct err *e);
