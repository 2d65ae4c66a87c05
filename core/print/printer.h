/*
 * Sending a document to a printer by IPP (RFC 8011), through libcups, whose one home this is: a
 * queue of CUPS by its name, or a printer that speaks IPP by its address.
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/err.h"

struct printer_job {
	const char *printer; /* "labels", or "ipp://HOST[:PORT]/ipp/print" */
	const char *title;   /* of the job */
	struct bytes pdf;    /* its pages are w_mm by h_mm and must not be scaled */
	double w_mm, h_mm;
};

/* ERR_UNAVAILABLE: the printer does not answer; ERR_IO: it refused, and says why. */
MUST_CHECK bool printer_send(const struct printer_job *job, int *job_id, struct err *e);
