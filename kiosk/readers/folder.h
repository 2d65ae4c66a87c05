/* A folder that is watched: each new picture file once, in order of names. See frames.h. */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"

struct folder;

MUST_CHECK bool folder_open(struct folder **out, const char *path, struct err *e);
void folder_close(struct folder *f); /* accepts NULL */
/*
 * The next new file's name, borrowed until the next call; NULL when none came within timeout_ms.
 * It is marked as begun. False: the folder is gone, or holds too many files.
 */
MUST_CHECK bool folder_next(struct folder *f, int timeout_ms, const char **name, struct err *e);
/* A file of it, as file_read does. */
MUST_CHECK bool folder_load(const struct folder *f, const char *name, struct bytes *out,
	struct arena *a, struct err *e);
