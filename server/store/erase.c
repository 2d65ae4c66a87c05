#include "server/store/erase.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "server/store/accounts.h"
#include "server/store/events.h"
#include "server/store/people.h"
#include "server/store/private.h"

static const char sql_done[] = "SELECT 1 FROM erased WHERE event = $1 AND attendee = $2";
static const char sql_mark[] =
	"INSERT INTO erased (event, attendee, at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
static const char sql_empty[] =
	"UPDATE attendee SET name = '', organization = '', title = '', email = '', phone = '',"
	" url = '', lang = '', zone_min = 0, ticket_hash = NULL, consent_card = 0,"
	" consent_followups = 0, consent_contact = 0, consent_coming = 0, in_ms = NULL, in_entry = "
	"NULL, gone = 1"
	" WHERE event = $1 AND attendee = $2";
static const char sql_badges[] =
	"UPDATE ref SET revoked = revoked | 1 WHERE event = $1 AND attendee = $2 AND badge = 1";
static const char sql_sessions[] =
	"UPDATE session SET ended_ms = COALESCE(ended_ms, $3), label = '' WHERE event = $1"
	" AND who = $2";
/* By attendee's number, or by id. */
static const char *const sql_forget[] = {
	"DELETE FROM said WHERE event = $1 AND attendee = $2",
	"DELETE FROM apart WHERE event = $1 AND attendee = $2",
	"DELETE FROM consent WHERE event = $1 AND attendee = $2",
	"DELETE FROM queue_item WHERE event = $1 AND owner = $2",
	"DELETE FROM queue_text WHERE event = $1 AND owner = $2",
	"DELETE FROM queue_owner WHERE event = $1 AND owner = $2",
	"DELETE FROM feed WHERE event = $1 AND attendee = $2",
	"DELETE FROM account WHERE event = $1 AND attendee = $2",
};
static const char *const sql_forget_id[] = {
	"DELETE FROM notice WHERE event = $1 AND who = $2",
	"DELETE FROM pairing WHERE event = $1 AND who = $2",
};
/* What others were told of this person by name: a buddy's nudge. */
static const char sql_told[] = "DELETE FROM notice WHERE event = $1 AND INSTR(text, $2) > 0";
/* Names that the desk gave: of a walk-in. */
static const char sql_names[] =
	"SELECT e.row, e.payload FROM mention m JOIN entry e ON e.row = m.row"
	" WHERE m.event = $1 AND m.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2)"
	" AND m.kind = 3 AND e.payload IS NOT NULL";
static const char sql_set_payload[] = "UPDATE entry SET payload = $2 WHERE row = $1";

static bool run_by_number(
	struct db *db, const char *sql, uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return db_run(q, e);
}

static bool run_by_id(struct db *db, const char *sql, uint32_t event, struct id id, struct err *e)
{
	struct db_query *q = db_query(db, sql);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &id);
	return db_run(q, e);
}

static bool set_payload(struct db *db, int64_t row, const struct buf *payload, struct err *e)
{
	struct db_query *q = db_query(db, sql_set_payload);

	db_bind_i64(q, 1, row);
	db_bind_blob(q, 2, buf_bytes(payload));
	return db_run(q, e);
}

/* The chain of a stream holds over the hash of a payload, so a payload may lose a word. */
bool erase_names(struct db *db, uint32_t event, uint32_t attendee, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_names);
	struct buf rows = BUF_IN(a);
	struct one {
		int64_t row;
		struct bytes payload;
	} one;
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	while ((row = db_step(q, e)) == DB_ROW) {
		one = (struct one){ db_i64(q, 0), arena_copy(a, db_blob(q, 1)) };
		buf_add(&rows, bytes_of(&one, sizeof(one)));
	}
	for (size_t i = 0; row == DB_DONE && i < rows.len; i += sizeof(one)) {
		struct buf text = BUF_IN(a);
		struct json_writer w = JSON_TO(&text);
		struct err unread = { 0 };
		struct ref named;
		struct json *o;
		struct id who;

		memcpy(&one, rows.p + i, sizeof(one));
		/* a badge of theirs may have named somebody else before */
		if (!json_read(&o, one.payload, a, &unread) || !json_get_id(o, "who", &who) ||
			!ref_find(db, event, who, &named, &unread) || named.attendee != attendee)
			continue;
		json_open(&w, NULL, '{');
		for (const struct json *m = o->first; m; m = m->next)
			if (str_equal(m->key, STR("badge")) || str_equal(m->key, STR("who")))
				json_str(&w, arena_cstr(a, m->key), m->text);
		json_close(&w, '}');
		if (!set_payload(db, one.row, &text, e))
			return false;
	}
	return row == DB_DONE;
}

static bool forget(
	struct work *w, uint32_t event, const struct attendee *x, struct arena *a, struct err *e)
{
	struct db_query *q;

	for (size_t i = 0; i < ARRAY_LEN(sql_forget); i++)
		if (!run_by_number(w->db, sql_forget[i], event, x->attendee, e))
			return false;
	for (size_t i = 0; i < ARRAY_LEN(sql_forget_id); i++)
		if (!run_by_id(w->db, sql_forget_id[i], event, x->id, e))
			return false;
	q = db_query(w->db, sql_told);
	db_bind_i64(q, 1, event);
	db_bind_text(q, 2, x->name);
	if (x->name.len > 0 && !db_run(q, e))
		return false;
	q = db_query(w->db, sql_sessions);
	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &x->id);
	db_bind_i64(q, 3, server_now(w->server));
	return db_run(q, e) && erase_names(w->db, event, x->attendee, a, e) &&
	       private_erase(w->db, event, x->attendee, e);
}

enum { TOMBSTONES_MAX = 16 << 20 };

static bool tombstone_path(char out[PATH_MAX], const struct server *s, struct err *e)
{
	int n = snprintf(out, PATH_MAX, "%s/erased", store_folder(s->store));

	return (n > 0 && n < PATH_MAX) || err_set(e, ERR_USAGE, "the store's path is too long");
}

/*
 * Before the commit: a name too many in there is erased again, which changes nothing. A full disk
 * may have left half a line, so each begins a line of its own.
 */
static bool tombstone_add(const struct server *s, uint32_t event, struct id id, struct err *e)
{
	char path[PATH_MAX], line[64];
	int fd, n;
	bool ok;

	if (!tombstone_path(path, s, e))
		return false;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
	n = snprintf(line, sizeof(line), "\n%lu %s\n", (unsigned long)event, id_text(id).s);
	ok = fd >= 0 && write(fd, line, (size_t)n) == n && fsync(fd) == 0;
	if (!ok)
		err_errno(e, "cannot write %s", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool erase_person(struct work *w, uint32_t event, uint32_t attendee, struct err *e)
{
	struct arena a = { 0 };
	struct attendee x;
	struct db_query *q;
	bool ok = attendee_get(&x, w->db, event, attendee, &a, e);

	if (ok) {
		q = db_query(w->db, sql_mark);
		db_bind_i64(q, 1, event);
		db_bind_i64(q, 2, attendee);
		db_bind_i64(q, 3, server_now(w->server));
		/* who met them is told first, while it can be found out who that is */
		ok = db_run(q, e) && tombstone_add(w->server, event, x.id, e) &&
		     dirty_around_person(w->db, event, attendee, e) &&
		     forget(w, event, &x, &a, e) &&
		     run_by_number(w->db, sql_badges, event, attendee, e) &&
		     run_by_number(w->db, sql_empty, event, attendee, e) &&
		     attendee_touch(w->db, event, attendee, e);
	}
	arena_finish(&a);
	if (ok)
		atomic_store(&w->server->erased, true);
	return ok;
}

bool erase_done(bool *out, struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_done);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return db_any(q, out, e);
}

static bool erase_one(struct server *s, uint32_t event, struct id id, struct err *e)
{
	struct ref ref;
	bool done = true;

	if (!ref_find(s->write.db, event, id, &ref, e) ||
		!erase_done(&done, s->write.db, event, ref.attendee, e))
		return e->code == ERR_NOT_FOUND;
	if (done)
		return true;
	log_info("erased again event=%lu person=%s", (unsigned long)event, id_text(id).s);
	if (db_begin(s->write.db, e) && erase_person(&s->write, event, ref.attendee, e) &&
		db_commit(s->write.db, e))
		return true;
	db_rollback(s->write.db);
	return e->code == ERR_NOT_FOUND;
}

bool erase_again(struct server *s, struct err *e)
{
	struct arena a = { 0 };
	char path[PATH_MAX];
	struct bytes file = { 0 };
	struct str rest, line, number;
	bool ok = tombstone_path(path, s, e);

	if (ok && access(path, F_OK) != 0) {
		arena_finish(&a);
		return true;
	}
	ok = ok && file_read(&file, path, TOMBSTONES_MAX, &a, e);
	rest = (struct str){ (const char *)file.p, file.len };
	while (ok && str_split(&rest, '\n', &line)) {
		uint32_t event;
		struct id id;

		if (!str_split(&line, ' ', &number) || !event_number(number, &event, e) ||
			!id_read(line, &id)) {
			*e = (struct err){ 0 };
			continue;
		}
		ok = erase_one(s, event, id, e);
		if (ok)
			*e = (struct err){ 0 };
	}
	arena_finish(&a);
	return ok;
}

bool erase_step(struct work *w, bool *more, struct err *e)
{
	struct err busy;

	(void)e;
	*more = false;
	/* a reader in the middle of something holds it up: then at the next step, within a second
	 */
	if (atomic_load(&w->server->erased) && db_checkpoint(w->db, &busy))
		atomic_store(&w->server->erased, false);
	return true;
}
