/*
 * What a piece of work costs, whatever memory it takes for how long: steps of queries and texts
 * that are parsed. The linker leads both calls here (tests/CMakeLists.txt).
 */
#pragma once

#include "core/base/json.h"
#include "core/db/db.h"

static size_t work_steps, work_texts;

/* NOLINTBEGIN: the linker says how these are called */
enum db_row __real_db_step(struct db_query *q, struct err *e);
enum db_row __wrap_db_step(struct db_query *q, struct err *e);
bool __real_json_read(struct json **out, struct bytes text, struct arena *a, struct err *e);
bool __wrap_json_read(struct json **out, struct bytes text, struct arena *a, struct err *e);

enum db_row __wrap_db_step(struct db_query *q, struct err *e)
{
	work_steps++;
	return __real_db_step(q, e);
}

bool __wrap_json_read(struct json **out, struct bytes text, struct arena *a, struct err *e)
{
	work_texts++;
	return __real_json_read(out, text, a, e);
}
/* NOLINTEND */
