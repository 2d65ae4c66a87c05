/* What runs while a server serves: HTTP, the writer, the backups. */
#include "core/entry/wire/chain.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "server/access.h"
#include "server/backup_timer.h"
#include "server/routes/routes.h"
#include "server/server.h"
#include "server/writer.h"

static void *reader_of(void *context)
{
	struct err e = { 0 };
	struct work *w = server_reader(context, &e);

	if (!w)
		log_error("no reading connection error=\"%s\"", e.text);
	return w;
}

static void *writer_of(void *context)
{
	struct server *s = context;

	return &s->write;
}

/* A station believes only what the server signed over the very request that it sent. */
void server_sign_reply(void *context, struct request *q, struct reply *r)
{
	const struct server *s = context;
	uint8_t signature[SIGNATURE_LEN];
	struct hash request, hash;
	struct buf text = BUF_IN(q->arena);

	if (q->caller.role != ROLE_STATION)
		return;
	if (q->caller.revoked)
		access_tell_revoked(q, r);
	memcpy(request.b, q->caller.request_hash, sizeof(request.b));
	hash = reply_hash(&request, r->status, r->body);
	sign_message(signature, hash_bytes(&hash), s->secret_key);
	base64url_write(&text, bytes_of(signature, sizeof(signature)));
	reply_header(r, "Kith-Signature", buf_str(&text));
}

struct http_config server_http_config(struct server *s)
{
	return (struct http_config){
		.listen = s->config.listen,
		.routes = server_routes,
		.route_count = server_route_count,
		.context = s,
		.threads = s->config.threads ? s->config.threads : 2,
		.tls_certificate = s->config.tls_certificate,
		.tls_key = s->config.tls_key,
		.proxy = s->config.proxy,
		.authenticate = server_authenticate,
		.finish = server_sign_reply,
		.queue = s->writer ? server_queue : NULL,
		.reader = reader_of,
		.writer = writer_of,
		.origin = str_of(s->config.origin),
	};
}

bool server_serve(struct server *s, struct err *e)
{
	struct http_config config;

	if (writer_start(&s->writer, s, e) && access_open(&s->access, s, e) &&
		(!s->config.backup_dir || backup_timer_start(&s->backups, s, e))) {
		config = server_http_config(s);
		if (http_open(&s->http, &config, e))
			return true;
	}
	server_stop(s);
	return false;
}

void server_stop(struct server *s)
{
	if (!s)
		return;
	/* a backup waits for the writer, the writer's requests for HTTP: end them in that order */
	backup_timer_stop(s->backups);
	access_stop(s->access);
	writer_stop(s->writer);
	http_close(s->http);
	writer_free(s->writer);
	access_close(s->access);
	s->backups = NULL;
	s->http = NULL;
	s->writer = NULL;
	s->access = NULL;
}
