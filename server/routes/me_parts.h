/* What several routes about oneself write. */
#pragma once

#include "core/base/json.h"
#include "server/server.h"
#include "server/store/my_log.h"

/* "buddies": names and counts, never notes. */
MUST_CHECK bool me_write_buddies(
	struct json_writer *w, struct work *work, const struct request *q, struct err *e);
/* The reply of GET /v1/me. */
MUST_CHECK bool me_write(struct json_writer *w, const char *key, struct work *work,
	const struct request *q, struct err *e);
/* Somebody in "people" of LOG. */
void my_person_write(struct json_writer *w, const struct my_person *p);
