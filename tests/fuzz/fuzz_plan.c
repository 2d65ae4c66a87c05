/* Any log there can be: the plan of it, and its JSON in all languages. */
#include <stdlib.h>

#include "core/base/json.h"
#include "core/followup/plan_json.h"
#include "tests/unit/core/followup/random_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const langs[] = { "en", "de", "es", "ar", "" };
	static struct random_log log;
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	struct json_writer w = JSON_TO(&out);
	struct followup_plan plan;
	struct plan_name names[LOG_PEOPLE];
	struct plan_words words = { .languages = &languages_all,
		.me = STR_INIT("Ana Müller"),
		.people = names,
		.people_count = LOG_PEOPLE };
	struct id expected[LOG_PEOPLE];
	struct json *root;
	struct err e = { 0 };

	log = (struct random_log){ .bytes = data, .len = size };
	words.lang = str_of(langs[log_next(&log, ARRAY_LEN(langs))]);
	log_make(&log, LOG_MAX);
	for (unsigned i = 0; i < LOG_PEOPLE; i++) {
		expected[i] = log_person(i);
		names[i] = (struct plan_name){ expected[i], i ? STR("Ben Kim") : STR(""),
			str_of(langs[i]) };
	}
	words.expected = expected;
	words.expected_count = LOG_PEOPLE;
	plan_words_sort(&words);
	followup_plan(&plan, log.facts, log.count, &playbook_default,
		(LOG_FIRST_DAY + (int64_t)log_next(&log, 200)) * LOG_DAY_MS, 0, &a);
	plan_write_json(&w, &plan, &words, &a);
	if (!json_read(&root, buf_bytes(&out), &a, &e) ||
		str_find(buf_str(&out), STR("{them}"), 0) != SIZE_MAX)
		abort();
	arena_finish(&a);
	return 0;
}
