/*
 * How large a code must be printed to be read from a distance, and how far one of a size is read.
 *
 * The camera is a kiosk's: 1280 pixels over 66 degrees (facts: Camera Module 3, and about what
 * webcams have). Phones and other readers need 3 pixels a module at any turn, the eye 2.
 */
#pragma once

#include "core/eye/qr_write.h"

#define QR_MODULE_LEAST_MM 0.4 /* what any printer keeps square */

/* The side of a module that all read from distance_mm; never under QR_MODULE_LEAST_MM. */
double qr_module_mm(double distance_mm);
/* From how far all read a module of that side. */
double qr_reads_mm(double module_mm);

struct qr_reach {
	double module_mm, width_mm; /* the width with the quiet zone */
	double all_mm, eye_mm;	    /* read by all readers, by the eye, up to here */
};

enum { QR_DISTANCE_MIN_MM = 50, QR_DISTANCE_MAX_MM = 10000, QR_DISTANCE_MM = 250 };

/* For a code of `size` modules to be read by all from distance_mm. Never under what prints well. */
struct qr_reach qr_reach_for(uint32_t size, double distance_mm);
/*
 * As qr_make at level M, at the highest level that needs no larger symbol: more may be lost for
 * nothing. *level tells which.
 */
MUST_CHECK bool qr_make_sturdy(
	struct qr *out, struct bytes data, enum qr_level *level, struct arena *a, struct err *e);
