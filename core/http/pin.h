/*
 * A key pin (RFC 7469 2.4): SHA-256 of the SubjectPublicKeyInfo of a certificate, in base64 with
 * padding, NUL-terminated: 44 characters. Kiosks know their server by it.
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/err.h"

enum { PIN_TEXT_LEN = 44 };

/* Of a PEM certificate; the first one in a file that holds a chain. size is at least 45. */
MUST_CHECK bool pin_of_certificate(struct str pem, char *out, size_t size, struct err *e);
