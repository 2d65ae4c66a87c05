#include "core/eye/qr_reach.h"

static const double WIDTH_PX = 1280, HALF_TAN = 0.6494; /* tan of 33 degrees */
static const double PIXELS_ALL = 3, PIXELS_EYE = 2;	/* a module */
static const double PRINTS_MM = 0.4;			/* a module that any printer keeps square */

struct qr_reach qr_reach_for(uint32_t size, double distance_mm)
{
	/* millimetres that one pixel sees at 1 mm */
	const double pixel = 2 * HALF_TAN / WIDTH_PX;
	struct qr_reach r = { .module_mm = PIXELS_ALL * pixel * distance_mm };

	if (r.module_mm < PRINTS_MM)
		r.module_mm = PRINTS_MM;
	r.width_mm = r.module_mm * (size + 2.0 * QR_QUIET);
	r.all_mm = r.module_mm / (PIXELS_ALL * pixel);
	r.eye_mm = r.module_mm / (PIXELS_EYE * pixel);
	return r;
}

bool qr_make_sturdy(
	struct qr *out, struct bytes data, enum qr_level *level, struct arena *a, struct err *e)
{
	if (!qr_make(out, data, QR_LEVEL_M, a, e))
		return false;
	*level = QR_LEVEL_M;
	for (enum qr_level next = QR_LEVEL_Q; next <= QR_LEVEL_H; next++) {
		struct err ignored;
		struct qr qr;

		if (!qr_make(&qr, data, next, a, &ignored) || qr.version > out->version)
			break;
		*out = qr;
		*level = next;
	}
	return true;
}
