#include "core/eye/qr_reach.h"

static const double PIXEL = 2 * 0.6494 / 1280;	    /* seen at 1 mm; 0.6494 is tan of 33 degrees */
static const double PIXELS_ALL = 3, PIXELS_EYE = 2; /* a module */

double qr_module_mm(double distance_mm)
{
	double side = PIXELS_ALL * PIXEL * distance_mm;

	return side < QR_MODULE_LEAST_MM ? QR_MODULE_LEAST_MM : side;
}

double qr_reads_mm(double module_mm)
{
	return module_mm / (PIXELS_ALL * PIXEL);
}

struct qr_reach qr_reach_for(uint32_t size, double distance_mm)
{
	double side = qr_module_mm(distance_mm);

	return (struct qr_reach){ .module_mm = side,
		.width_mm = side * (size + 2.0 * QR_QUIET),
		.all_mm = qr_reads_mm(side),
		.eye_mm = qr_reads_mm(side) * PIXELS_ALL / PIXELS_EYE };
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
