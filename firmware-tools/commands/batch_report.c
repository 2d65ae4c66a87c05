#include "firmware-tools/commands/batch_report.h"

#include "core/base/csv.h"
#include "firmware-tools/commands/bench_tag.h"

static struct bench_uid uid_of(const struct journal_line *line)
{
	return bench_uid_text(bytes_of(line->uid, line->uid_len));
}

/* Was it given up, and not taken again since? */
static bool is_spoilt(const struct journal *j, const struct journal_line *line)
{
	return line->step == JOURNAL_SPOILT &&
	       journal_of_uid(j, bytes_of(line->uid, line->uid_len)) == line;
}

static struct str name_of(const struct attendee_list *list, struct id id)
{
	for (size_t i = 0; i < list->count; i++)
		if (id_equal(list->rows[i].badge, id))
			return list->rows[i].name;
	return STR("not in this list");
}

void batch_report_print(FILE *to, const struct attendee_list *list, const struct journal *journal)
{
	size_t done = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct attendee_row *row = &list->rows[i];
		const struct journal_line *line = journal_of_id(journal, row->badge);

		done += line && line->step == JOURNAL_DONE;
		if (line && line->step == JOURNAL_BEGIN)
			fprintf(to, "half written: chip %s, badge %s of " STR_FMT "\n",
				uid_of(line).s, id_text(row->badge).s, STR_ARG(row->name));
	}
	for (size_t i = 0; i < journal->count; i++) {
		const struct journal_line *line = &journal->lines[i];

		if (is_spoilt(journal, line))
			fprintf(to, "given up: chip %s, badge %s of " STR_FMT "\n", uid_of(line).s,
				id_text(line->id).s, STR_ARG(name_of(list, line->id)));
	}
	fprintf(to, "%zu of %zu badges are written\n", done, list->count);
}

static void add_row(struct buf *out, size_t at, struct str name, struct id id, const char *state,
	const struct journal_line *line)
{
	const struct id_text badge = id_text(id);
	const struct bench_uid uid = line ? uid_of(line) : (struct bench_uid){ 0 };
	const struct str cells[] = { name, str_of(badge.s), str_of(state), str_of(uid.s),
		line ? str_of(line->chip) : STR(""), line ? line->time : STR("") };

	buf_add_u64(out, at);
	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		buf_add_char(out, ',');
		csv_cell(out, cells[i]);
	}
	buf_lit(out, "\r\n");
}

void batch_report_write(
	struct buf *out, const struct attendee_list *list, const struct journal *journal)
{
	static const char *const states[JOURNAL_STEPS] = {
		[JOURNAL_BEGIN] = "half written",
		[JOURNAL_DONE] = "written",
		[JOURNAL_SPOILT] = "not yet",
	};

	csv_begin(out);
	buf_lit(out, "line,name,badge,state,uid,chip,time\r\n");
	for (size_t i = 0; i < list->count; i++) {
		const struct attendee_row *row = &list->rows[i];
		const struct journal_line *line = journal_of_id(journal, row->badge);
		bool has = line && line->step != JOURNAL_SPOILT;

		add_row(out, row->line, row->name, row->badge,
			line ? states[line->step] : "not yet", has ? line : NULL);
	}
	for (size_t i = 0; i < journal->count; i++) {
		const struct journal_line *line = &journal->lines[i];

		if (is_spoilt(journal, line))
			add_row(out, 0, name_of(list, line->id), line->id, "spoilt", line);
	}
}
