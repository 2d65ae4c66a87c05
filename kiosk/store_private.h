/* What the files of kiosk/store.h share. */
#pragma once

#include "core/db/db.h"
#include "kiosk/store.h"

struct store {
	char *path;
	struct store_config config;
	struct db *db; /* NULL: untrusted after an I/O error, opened again at the next call */
	struct store_head head;
	char alert[200];
};

extern const struct db_step store_schema[];
extern const size_t store_schema_count;

/* A connection that can be used: opens again where an error closed it. */
MUST_CHECK bool store_ready(struct store *s, struct err *e);
/*
 * After a failed statement: roll back; where the error says that the file cannot be trusted,
 * close. Returns false, so that it ends a failing path.
 */
bool store_failed(struct store *s, const struct err *e);
/* The head as the file has it. */
MUST_CHECK bool store_load_head(struct store *s, struct err *e);
