/* Members of GET /v1/me that stand in files of their own. */
#pragma once

#include "core/base/json.h"
#include "server/server.h"

/* "buddies": names and counts, never notes. */
MUST_CHECK bool me_write_buddies(
	struct json_writer *w, struct work *work, const struct request *q, struct err *e);
