#include "server/server.h"

#include "core/base/clock.h"
#include "server/releases.h"
#include "server/store/erase.h"
#include "server/store/store.h"
#include "server/writer.h"

/* One reading connection for each thread that ever asked; closed with the server. */
struct reader {
	struct work work;
	struct reader *next;
};

static bool read_keys(struct server *s, struct err *e)
{
	struct db *db = s->write.db;

	return meta_get(db, "timeline", s->timeline.b, sizeof(s->timeline.b), e) &&
	       meta_get(db, "server_public", s->public_key, sizeof(s->public_key), e) &&
	       meta_get(db, "server_secret", s->secret_key, sizeof(s->secret_key), e);
}

bool server_open(struct server **out, const struct server_config *config, struct err *e)
{
	struct server *s = calloc(1, sizeof(*s));

	if (!s)
		return err_set(e, ERR_INTERNAL, "no memory for a server");
	s->config = *config;
	s->now_ms = clock_wall_ms;
	if (pthread_key_create(&s->reader_key, NULL) != 0) {
		free(s);
		return err_set(e, ERR_INTERNAL, "no more thread keys");
	}
	pthread_mutex_init(&s->lock, NULL);
	if (!store_open(&s->store, config->store, config->use, e)) {
		server_close(s);
		return false;
	}
	s->write = (struct work){ s, store_db(s->store) };
	s->releases = releases_new(config->store);
	atomic_init(&s->erased, true); /* it may be, before it stopped */
	if (!read_keys(s, e) || (config->use == STORE_SERVE && !erase_again(s, e))) {
		server_close(s);
		return false;
	}
	*out = s;
	return true;
}

void server_close(struct server *s)
{
	struct reader *next;

	if (!s)
		return;
	server_stop(s);
	for (struct reader *r = s->readers; r; r = next) {
		next = r->next;
		db_close(r->work.db);
		free(r);
	}
	releases_free(s->releases);
	store_close(s->store);
	pthread_key_delete(s->reader_key);
	pthread_mutex_destroy(&s->lock);
	crypto_wipe(s->secret_key, sizeof(s->secret_key));
	free(s);
}

struct work *server_reader(struct server *s, struct err *e)
{
	struct reader *r = pthread_getspecific(s->reader_key);

	if (r)
		return &r->work;
	r = calloc(1, sizeof(*r));
	if (!r) {
		err_set(e, ERR_INTERNAL, "no memory for a reader");
		return NULL;
	}
	r->work.server = s;
	if (!store_connect(s->store, DB_READER, &r->work.db, e) ||
		pthread_setspecific(s->reader_key, r) != 0) {
		db_close(r->work.db);
		free(r);
		return NULL;
	}
	pthread_mutex_lock(&s->lock);
	r->next = s->readers;
	s->readers = r;
	pthread_mutex_unlock(&s->lock);
	return &r->work;
}
