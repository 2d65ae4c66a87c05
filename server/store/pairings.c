#include "server/store/pairings.h"

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "server/store/accounts.h"
#include "server/store/people.h"

enum { APPROVALS_MAX = 4 };
#define KEEP_MS                                                                                    \
	INT64_C(2592000000) /* finished pairings stay 30 days, for whoever asks what happened */

#define COLUMNS                                                                                    \
	"SELECT event, pairing, who, badge, station, proof, state, until_ms, digits, label FROM "  \
	"pairing"
static const char sql_sweep[] = "DELETE FROM pairing WHERE event = $1 AND made_ms < $2";
static const char sql_cancel[] =
	"UPDATE pairing SET state = 6 WHERE event = $1 AND who = $2 AND state < 5";
static const char sql_add[] =
	"INSERT INTO pairing (event, pairing, who, badge, station, proof, state, until_ms,"
	" made_ms, token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
static const char sql_token[] = COLUMNS " WHERE token_hash = $1";
static const char sql_get[] = COLUMNS " WHERE event = $1 AND pairing = $2";
static const char sql_page[] = COLUMNS " WHERE event = $1 AND page_hash = $2";
static const char sql_approvals[] = COLUMNS
	" WHERE event = $1 AND who = $2 AND state = 3 AND until_ms > $3"
	" ORDER BY made_ms LIMIT $4";
static const char sql_open[] = "UPDATE pairing SET page_hash = $3, digits = $4, label = $5"
			       " WHERE event = $1 AND pairing = $2";
static const char sql_move[] =
	"UPDATE pairing SET state = $3, until_ms = $4 WHERE event = $1 AND pairing = $2";
/* A person's own station (log.h): their phone wrote here, on the session of whichever event. */
static const char sql_wrote[] =
	"SELECT 1 FROM station WHERE event = $1 AND kind = 2 AND owner = $2 LIMIT 1";
static const char sql_proof[] = "UPDATE pairing SET proof = $3 WHERE event = $1 AND pairing = $2";
static const char sql_station[] = "SELECT name FROM station WHERE id = $1";

static const char *const state_names[] = {
	[PAIRING_WAITING] = "waiting",
	[PAIRING_OPENED] = "opened",
	[PAIRING_APPROVAL] = "approval",
	[PAIRING_READY] = "ready",
	[PAIRING_PAIRED] = "paired",
	[PAIRING_REFUSED] = "refused",
	[PAIRING_EXPIRED] = "expired",
};

static const char *const proof_names[] = {
	[PROOF_CHIP] = "chip",
	[PROOF_TICKET] = "ticket",
	[PROOF_STAFF] = "staff",
};

const char *pairing_state_name(enum pairing_state s)
{
	return state_names[s];
}

bool pairing_proof_read(struct str name, enum pairing_proof *out)
{
	for (size_t i = PROOF_CHIP; i < ARRAY_LEN(proof_names); i++)
		if (str_equal(name, str_of(proof_names[i]))) {
			*out = (enum pairing_proof)i;
			return true;
		}
	return false;
}

static void read_row(struct pairing *out, struct db_query *q, int64_t now_ms, struct arena *a)
{
	*out = (struct pairing){
		.event = (uint32_t)db_i64(q, 0),
		.id = db_id(q, 1),
		.who = db_id(q, 2),
		.badge = db_id(q, 3),
		.station = db_id(q, 4),
		.proof = (enum pairing_proof)db_i64(q, 5),
		.state = (enum pairing_state)db_i64(q, 6),
		.until_ms = db_i64(q, 7),
		.digits = (unsigned)db_i64(q, 8),
		.label = a ? arena_str(a, db_text(q, 9)) : STR(""),
	};
	if (out->state < PAIRING_PAIRED && now_ms >= out->until_ms)
		out->state = PAIRING_EXPIRED;
}

/* The one row of q, or none: then ERR_NOT_FOUND. */
static bool read_one(
	struct pairing *out, struct db_query *q, int64_t now_ms, struct arena *a, struct err *e)
{
	enum db_row row = db_step(q, e);

	if (row == DB_ROW)
		read_row(out, q, now_ms, a);
	else if (row == DB_DONE)
		err_set(e, ERR_NOT_FOUND, "there is no such pairing");
	db_reset(q);
	return row == DB_ROW;
}

static bool move(
	struct pairing *p, struct db *db, enum pairing_state state, int64_t until_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_move);

	p->state = state;
	p->until_ms = until_ms;
	db_bind_i64(q, 1, p->event);
	db_bind_id(q, 2, &p->id);
	db_bind_i64(q, 3, state);
	db_bind_i64(q, 4, until_ms);
	return db_run(q, e);
}

/* Tell every phone of the person; %s in text is the station's name. */
static bool tell(
	const struct pairing *p, struct db *db, int64_t now_ms, const char *text, struct err *e)
{
	struct db_query *q = db_query(db, sql_station);
	struct arena a = { 0 };
	struct str name = STR(""), label = p->label.len > 0 ? p->label : STR("a phone");
	enum db_row row;
	bool ok;

	db_bind_id(q, 1, &p->station);
	row = db_step(q, e);
	if (row == DB_ROW)
		name = arena_str(&a, db_text(q, 0));
	db_reset(q);
	if (name.len == 0)
		name = STR("a station");
	ok = row != DB_FAILED && notice_add(db, p->event, p->who, now_ms,
					 arena_printf(&a, "%s: " STR_FMT ", at " STR_FMT, text,
						 STR_ARG(label), STR_ARG(name)),
					 e);
	arena_finish(&a);
	return ok;
}

/* Whose badge it is, by the attendee's id. */
static bool resolve(struct db *db, uint32_t event, struct id badge, struct id *who, struct err *e)
{
	struct arena a = { 0 };
	struct attendee x;
	struct ref ref;
	bool ok = ref_find(db, event, badge, &ref, e) &&
		  attendee_get(&x, db, event, ref.attendee, &a, e);

	if (ok)
		*who = x.id;
	if (ok && (ref.revoked || x.gone))
		ok = err_set(e, ERR_FORBIDDEN, "this badge was revoked: ask at the desk");
	arena_finish(&a);
	return ok;
}

/* What a new pairing does away with: old rows, and what of this person is not finished. */
static bool make_way(struct db *db, uint32_t event, struct id who, int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_sweep);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, now_ms - KEEP_MS);
	if (!db_run(q, e))
		return false;
	q = db_query(db, sql_cancel);
	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &who);
	return db_run(q, e);
}

static struct hash make_token(struct pairing_token *out)
{
	uint8_t random[TOKEN_LEN];
	struct buf text = BUF_OVER(out->text, TOKEN_TEXT_LEN);

	crypto_random(random, sizeof(random));
	base64url_write(&text, bytes_of(random, sizeof(random)));
	out->text[TOKEN_TEXT_LEN] = '\0';
	return hash_of(bytes_of(random, sizeof(random)));
}

bool pairing_start(struct pairing *out, struct db *db, uint32_t event, struct id station,
	struct id badge, enum pairing_proof proof, int64_t now_ms, struct pairing_token *token,
	struct err *e)
{
	struct db_query *q;
	struct hash hash;

	*out = (struct pairing){ .event = event,
		.id = crypto_uuid7((uint64_t)now_ms),
		.badge = badge,
		.station = station,
		.proof = proof,
		.state = PAIRING_WAITING,
		.until_ms = now_ms + PAIRING_TOKEN_MS,
		.label = STR("") };
	if (!resolve(db, event, badge, &out->who, e) || !make_way(db, event, out->who, now_ms, e))
		return false;
	hash = make_token(token);
	q = db_query(db, sql_add);
	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &out->id);
	db_bind_id(q, 3, &out->who);
	db_bind_id(q, 4, &badge);
	db_bind_id(q, 5, &station);
	db_bind_i64(q, 6, proof);
	db_bind_i64(q, 7, out->state);
	db_bind_i64(q, 8, out->until_ms);
	db_bind_i64(q, 9, now_ms);
	db_bind_blob(q, 10, hash_bytes(&hash));
	return db_run(q, e);
}

static bool gone(struct err *e)
{
	return err_set(e, ERR_GONE, "this code is over: tap your badge at the station again");
}

static bool by_token(
	struct pairing *out, struct db *db, struct str token, int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_token);
	uint8_t random[TOKEN_LEN];
	struct buf b = BUF_ON(random);
	struct hash hash;

	if (token.len != TOKEN_TEXT_LEN || !base64_read(&b, token) || b.len != TOKEN_LEN)
		return gone(e);
	hash = hash_of(buf_bytes(&b));
	db_bind_blob(q, 1, hash_bytes(&hash));
	if (!read_one(out, q, now_ms, NULL, e))
		return e->code == ERR_NOT_FOUND ? gone(e) : false;
	return out->state == PAIRING_WAITING || gone(e);
}

/* Two digits without a leading zero. The bias of 256 over 90 is no help to anybody who cannot
 * choose. */
static unsigned random_digits(void)
{
	uint8_t random[4];

	crypto_random(random, sizeof(random));
	return 10 + (unsigned)((random[0] | random[1] << 8 | random[2] << 16) % 90);
}

bool pairing_open(struct pairing *out, struct db *db, struct str token, struct str label,
	int64_t now_ms, struct cookie *page, struct err *e)
{
	struct db_query *q;
	uint8_t hash[32];

	if (!by_token(out, db, token, now_ms, e))
		return false;
	*page = cookie_make(out->event, hash);
	out->digits = random_digits();
	out->label = label;
	q = db_query(db, sql_open);
	db_bind_i64(q, 1, out->event);
	db_bind_id(q, 2, &out->id);
	db_bind_blob(q, 3, bytes_of(hash, sizeof(hash)));
	db_bind_i64(q, 4, out->digits);
	db_bind_text(q, 5, label);
	return db_run(q, e) && move(out, db, PAIRING_OPENED, now_ms + PAIRING_CONFIRM_MS, e);
}

bool pairing_get(struct pairing *out, struct db *db, uint32_t event, struct id id, int64_t now_ms,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_get);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &id);
	return read_one(out, q, now_ms, a, e);
}

bool pairing_of_page(struct pairing *out, struct db *db, struct str page, int64_t now_ms,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_page);
	uint32_t event;
	uint8_t hash[32];

	if (!cookie_read(page, &event, hash))
		return gone(e);
	db_bind_i64(q, 1, event);
	db_bind_blob(q, 2, bytes_of(hash, sizeof(hash)));
	return read_one(out, q, now_ms, a, e) || (e->code == ERR_NOT_FOUND && gone(e));
}

static bool refuse(struct pairing *p, struct db *db, int64_t now_ms, const char *why, struct err *e)
{
	return move(p, db, PAIRING_REFUSED, now_ms, e) && tell(p, db, now_ms, why, e);
}

static bool is_strong(enum pairing_proof proof)
{
	return proof == PROOF_TICKET || proof == PROOF_STAFF;
}

/* The same badge; or, with a proof that stands for the person, any that is theirs. */
static bool same_person(bool *same, const struct pairing *p, struct db *db, struct id badge,
	bool strong, struct err *e)
{
	struct id who;

	*same = id_equal(badge, p->badge);
	if (*same || !strong)
		return true;
	if (!resolve(db, p->event, badge, &who, e))
		return e->code == ERR_NOT_FOUND || e->code == ERR_FORBIDDEN;
	*same = id_equal(who, p->who);
	return true;
}

static bool wrote_here(bool *out, struct db *db, const struct account *x, struct err *e)
{
	struct db_query *q = db_query(db, sql_wrote);

	db_bind_i64(q, 1, x->event);
	db_bind_i64(q, 2, x->attendee);
	return db_any(q, out, e);
}

/*
 * Whether that person ever came in, as any of the attendees that they are; also who did so by
 * another event and was parted from it since, which leaves no session here.
 */
static bool ever_here(bool *known, const struct pairing *p, struct db *db, struct err *e)
{
	struct arena a = { 0 };
	struct account *all;
	size_t n = 0;
	bool ok = accounts_of_id(&all, &n, db, p->event, p->who, &a, e) &&
		  wrote_here(known, db, &all[0], e);

	for (size_t i = 0; ok && !*known && i < n; i++)
		ok = session_ever(known, db, all[i].event, all[i].id, e);
	arena_finish(&a);
	return ok;
}

/* The stronger proof is kept, for what it opens (pairing_finish). */
static bool ready(
	struct pairing *p, struct db *db, enum pairing_proof proof, int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_proof);

	if (is_strong(proof))
		p->proof = proof;
	db_bind_i64(q, 1, p->event);
	db_bind_id(q, 2, &p->id);
	db_bind_i64(q, 3, p->proof);
	return db_run(q, e) && move(p, db, PAIRING_READY, now_ms + PAIRING_CONFIRM_MS, e);
}

/* The badge stands for who never came in, as the station says, or whoever found it. */
static bool by_badge(const struct pairing *p, struct db *db, int64_t now_ms, struct err *e)
{
	struct ref ref;

	return ref_find(db, p->event, p->who, &ref, e) &&
	       account_by_badge(db, p->event, ref.attendee, now_ms, e);
}

bool pairing_confirm(struct pairing *p, struct db *db, struct id badge, enum pairing_proof proof,
	int64_t now_ms, struct err *e)
{
	bool strong = is_strong(proof) || is_strong(p->proof), same, known;

	if (p->state != PAIRING_OPENED && p->state != PAIRING_APPROVAL)
		return true;
	if (!same_person(&same, p, db, badge, strong, e))
		return false;
	if (!same)
		return refuse(p, db, now_ms, "Not paired, since another badge was tapped", e);
	if (!ever_here(&known, p, db, e))
		return false;
	if (!known || strong)
		return (strong || by_badge(p, db, now_ms, e)) && ready(p, db, proof, now_ms, e);
	if (p->state == PAIRING_APPROVAL)
		return true;
	return move(p, db, PAIRING_APPROVAL, now_ms + PAIRING_APPROVAL_MS, e) &&
	       tell(p, db, now_ms, "Waits for your approval", e);
}

bool pairing_approve(struct pairing *p, struct db *db, bool yes, int64_t now_ms, struct err *e)
{
	if (p->state != PAIRING_APPROVAL)
		return err_set(e, ERR_CONFLICT, "this pairing waits for no approval any more");
	if (!yes)
		return refuse(p, db, now_ms, "Not paired, as you said", e);
	return move(p, db, PAIRING_READY, now_ms + PAIRING_CONFIRM_MS, e);
}

/* A ticket or the desk stands for the person, as the station says: nobody else saw it. */
static bool set_apart(const struct pairing *p, struct db *db, int64_t now_ms, struct err *e)
{
	struct ref ref;

	return !is_strong(p->proof) || (ref_find(db, p->event, p->who, &ref, e) &&
					       account_set_apart(db, p->event, ref.attendee,
						       "a station vouched for a phone", now_ms, e));
}

bool pairing_finish(
	struct pairing *p, struct db *db, int64_t now_ms, struct cookie *session, struct err *e)
{
	if (p->state != PAIRING_READY)
		return err_set(e, ERR_CONFLICT, "this pairing is not ready");
	return set_apart(p, db, now_ms, e) &&
	       session_make(db, SESSION_ATTENDEE, p->event, p->who, p->label, now_ms, session, e) &&
	       move(p, db, PAIRING_PAIRED, now_ms, e) && tell(p, db, now_ms, "Paired", e);
}

bool pairing_approvals(struct pairing **out, size_t *n, struct db *db, uint32_t event,
	struct id who, int64_t now_ms, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_approvals);
	enum db_row row;

	*n = 0;
	*out = ARENA_ARRAY(a, APPROVALS_MAX, struct pairing);
	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &who);
	db_bind_i64(q, 3, now_ms);
	db_bind_i64(q, 4, APPROVALS_MAX);
	while ((row = db_step(q, e)) == DB_ROW)
		read_row(&(*out)[(*n)++], q, now_ms, a);
	return row == DB_DONE;
}
