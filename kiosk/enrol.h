/* Enrolment: a one-time code from the organizer turns this device into a station of an event. */
#pragma once

#include "core/base/err.h"

/*
 * Make the key pair, prove the code to the server and have it prove itself (docs/api.md,
 * POST /v1/enrol), and write identity_path. The code is 16 characters as printed by "kith-server
 * enrol"; dashes, spaces and lower case are fine. Blocking; tells on stdout what it did.
 */
MUST_CHECK bool enrol(const char *identity_path, const char *url, const char *code, struct err *e);
