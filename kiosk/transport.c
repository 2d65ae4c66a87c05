/* libcurl's only home. One epoll descriptor stands for all its sockets and its timer. */
#define _DEFAULT_SOURCE
#include "kiosk/transport.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/entry/wire/chain.h"
#include "core/http/pin.h"

enum { REPLY_MAX = 4 << 20, PROBE_TIMEOUT_MS = 2000, CONNECT_TIMEOUT_MS = 5000 };

struct flight {
	struct transport *owner;
	CURL *easy;
	struct curl_slist *headers;
	struct arena arena; /* the request's bytes and the reply's */
	struct buf body;
	struct hash asked;
	char signature[96];
	bool signed_reply, too_large;
	char why[CURL_ERROR_SIZE];
	transport_done *done;
	void *context;
};

struct transport {
	const struct identity *identity;
	CURLM *multi;
	int epoll, timer;
	char pins[512]; /* as CURLOPT_PINNEDPUBLICKEY wants them; empty: none */
	struct flight flights[TRANSPORT_FLIGHTS];
};

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
	struct transport *t = context;
	struct epoll_event ev = { .data.fd = fd };

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		/* curl closes the socket in a moment; it may be closed already */
		epoll_ctl(t->epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		ev.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		ev.events |= EPOLLOUT;
	if (!known || epoll_ctl(t->epoll, EPOLL_CTL_MOD, fd, &ev) != 0)
		epoll_ctl(t->epoll, EPOLL_CTL_ADD, fd, &ev);
	curl_multi_assign(t->multi, fd, t);
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
	struct transport *t = context;
	struct itimerspec when = { { 0, 0 }, { 0, 0 } };

	(void)multi;
	if (timeout_ms == 0)
		when.it_value.tv_nsec = 1;
	else if (timeout_ms > 0) {
		when.it_value.tv_sec = timeout_ms / 1000;
		when.it_value.tv_nsec = timeout_ms % 1000 * 1000000;
	}
	timerfd_settime(t->timer, 0, &when, NULL);
	return 0;
}

static size_t on_body(char *data, size_t size, size_t n, void *context)
{
	struct flight *f = context;

	if (f->body.len + size * n > REPLY_MAX) {
		f->too_large = true;
		return 0;
	}
	buf_add(&f->body, bytes_of(data, size * n));
	return size * n;
}

static size_t on_header(char *data, size_t size, size_t n, void *context)
{
	struct flight *f = context;
	struct str line = { data, size * n };
	struct str name = STR("Kith-Signature:");

	if (str_starts_nocase(line, name)) {
		struct buf b = BUF_OVER(f->signature, sizeof(f->signature) - 1);

		memset(f->signature, 0, sizeof(f->signature));
		buf_add_str(&b, str_trim(str_sub(line, name.len, line.len)));
	}
	return size * n;
}

bool transport_open(struct transport **out, const struct identity *identity, struct err *e)
{
	struct transport *t = calloc(1, sizeof(*t));
	struct epoll_event ev = { .events = EPOLLIN };
	struct buf pins;

	if (!t)
		return err_set(e, ERR_INTERNAL, "no memory for the network");
	pins = BUF_OVER(t->pins, sizeof(t->pins) - 1);
	t->identity = identity;
	t->epoll = epoll_create1(EPOLL_CLOEXEC);
	t->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	ev.data.fd = t->timer;
	t->multi = curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? curl_multi_init() : NULL;
	for (size_t i = 0; i < identity->pin_count; i++)
		buf_printf(&pins, "%ssha256//" STR_FMT, i ? ";" : "", STR_ARG(identity->pins[i]));
	if (t->epoll < 0 || t->timer < 0 || !t->multi || !buf_ok(&pins) ||
		epoll_ctl(t->epoll, EPOLL_CTL_ADD, t->timer, &ev) != 0) {
		transport_close(t);
		return err_set(e, ERR_INTERNAL, "the network cannot be set up");
	}
	curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t);
	curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
	*out = t;
	return true;
}

static void land(struct flight *f)
{
	if (f->easy) {
		curl_multi_remove_handle(f->owner->multi, f->easy);
		curl_easy_cleanup(f->easy);
	}
	curl_slist_free_all(f->headers);
	arena_finish(&f->arena);
	*f = (struct flight){ 0 };
}

void transport_close(struct transport *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < TRANSPORT_FLIGHTS; i++)
		if (t->flights[i].easy)
			land(&t->flights[i]);
	if (t->multi)
		curl_multi_cleanup(t->multi);
	if (t->timer >= 0)
		close(t->timer);
	if (t->epoll >= 0)
		close(t->epoll);
	free(t);
	curl_global_cleanup();
}

int transport_fd(const struct transport *t)
{
	return t->epoll;
}

static struct flight *free_flight(struct transport *t)
{
	for (size_t i = 0; i < TRANSPORT_FLIGHTS; i++)
		if (!t->flights[i].easy)
			return &t->flights[i];
	return NULL;
}

/* What all requests to a server share. */
static void set_common(CURL *easy, const char *url, const char *pins, char *why)
{
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	/* the pinned key is who the server is: names and dates say nothing more, and may be wrong
	 */
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	if (pins && pins[0])
		curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, pins);
}

static struct flight *flight_new(struct transport *t, const char *target, unsigned timeout_ms,
	transport_done *done, void *context, struct err *e)
{
	struct flight *f = free_flight(t);
	struct str url;

	if (!f) {
		err_set(e, ERR_UNAVAILABLE, "too many requests at once");
		return NULL;
	}
	*f = (struct flight){ .owner = t, .done = done, .context = context };
	f->body = BUF_IN(&f->arena);
	f->easy = curl_easy_init();
	if (!f->easy) {
		err_set(e, ERR_INTERNAL, "no memory for a request");
		return NULL;
	}
	url = arena_printf(&f->arena, STR_FMT "%s", STR_ARG(t->identity->url), target);
	set_common(f->easy, url.p, t->pins, f->why);
	curl_easy_setopt(f->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(f->easy, CURLOPT_PRIVATE, f);
	curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(f->easy, CURLOPT_WRITEDATA, f);
	return f;
}

static void add_header(struct flight *f, const char *name, struct bytes value)
{
	struct buf line = BUF_IN(&f->arena);

	buf_printf(&line, "%s: ", name);
	base64url_write(&line, value);
	buf_add_u8(&line, 0);
	f->headers = curl_slist_append(f->headers, (const char *)line.p);
}

static bool take_off(struct flight *f, struct err *e)
{
	if (curl_multi_add_handle(f->owner->multi, f->easy) == CURLM_OK)
		return true;
	land(f);
	return err_set(e, ERR_INTERNAL, "the request cannot be begun");
}

bool transport_send(struct transport *t, const char *method, const char *target, struct bytes body,
	unsigned timeout_ms, transport_done *done, void *context, struct err *e)
{
	struct flight *f = flight_new(t, target, timeout_ms, done, context, e);
	uint8_t nonce[NONCE_LEN], signature[SIGNATURE_LEN];
	struct str station;
	struct bytes kept;

	if (!f)
		return false;
	crypto_random(nonce, sizeof(nonce));
	f->asked = request_hash(str_of(method), str_of(target), body, nonce);
	f->signed_reply = true;
	sign_message(signature, hash_bytes(&f->asked), t->identity->secret_key);
	station = arena_printf(&f->arena, "Kith-Station: %s", id_uuid_text(t->identity->station).s);
	f->headers = curl_slist_append(f->headers, station.p);
	add_header(f, "Kith-Nonce", bytes_of(nonce, sizeof(nonce)));
	add_header(f, "Kith-Signature", bytes_of(signature, sizeof(signature)));
	f->headers = curl_slist_append(f->headers, "Content-Type: application/json");
	/* no waiting for "100 Continue" */
	f->headers = curl_slist_append(f->headers, "Expect:");
	curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, f->headers);
	curl_easy_setopt(f->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(f->easy, CURLOPT_HEADERDATA, f);
	if (strcmp(method, "GET") != 0) {
		kept = arena_copy(&f->arena, body);
		curl_easy_setopt(f->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(f->easy, CURLOPT_POSTFIELDS, kept.p);
		curl_easy_setopt(f->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)kept.len);
	}
	return take_off(f, e);
}

bool transport_probe(struct transport *t, transport_done *done, void *context, struct err *e)
{
	struct flight *f = flight_new(t, "/", PROBE_TIMEOUT_MS, done, context, e);

	if (!f)
		return false;
	curl_easy_setopt(f->easy, CURLOPT_CONNECT_ONLY, 1L);
	return take_off(f, e);
}

static bool reply_is_signed(const struct flight *f, int status)
{
	uint8_t signature[SIGNATURE_LEN];
	struct buf b = BUF_ON(signature);
	struct hash h = reply_hash(&f->asked, status, buf_bytes(&f->body));

	return base64_read(&b, str_of(f->signature)) && b.len == SIGNATURE_LEN &&
	       sign_verify(signature, hash_bytes(&h), f->owner->identity->server_public);
}

static struct transport_reply result_of(struct flight *f, CURLcode code)
{
	struct transport_reply r = { .connected = true };
	curl_off_t retry = 0;
	long status = 0;

	if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
		code == CURLE_OPERATION_TIMEDOUT)
		r.connected = false;
	r.can_probe = !r.connected || code == CURLE_SSL_CONNECT_ERROR ||
		      code == CURLE_SSL_PINNEDPUBKEYNOTMATCH;
	if (f->too_large)
		err_set(&r.error, ERR_TOO_LARGE, "the server's answer is over %d bytes", REPLY_MAX);
	else if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		err_set(&r.error, ERR_FORBIDDEN,
			"this is not the server that this kiosk was enrolled with: enrol again if "
			"its key was changed");
	else if (code != CURLE_OK)
		err_set(&r.error, ERR_UNAVAILABLE, "%s",
			f->why[0] ? f->why : curl_easy_strerror(code));
	if (code != CURLE_OK || f->too_large)
		return r;
	if (!f->signed_reply) { /* a probe */
		r.status = 200;
		return r;
	}
	curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(f->easy, CURLINFO_RETRY_AFTER, &retry);
	r.retry_after_s = retry;
	/* before it knows the station, a server has nothing to sign; such an answer changes nothing
	 * here */
	if (!reply_is_signed(f, (int)status)) {
		err_set(&r.error, ERR_FORBIDDEN,
			"the answer (HTTP %ld) does not carry the server's signature", status);
		return r;
	}
	r.status = (int)status;
	r.body = buf_bytes(&f->body);
	return r;
}

static void finish(struct transport *t, CURL *easy, CURLcode code)
{
	struct transport_reply r;
	struct flight *f = NULL;
	struct flight done;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&f);
	r = result_of(f, code);
	/* the slot is free before the callback, which may send again; the reply lives until it
	 * returns */
	curl_multi_remove_handle(t->multi, easy);
	done = *f;
	*f = (struct flight){ 0 };
	done.done(done.context, &r);
	curl_easy_cleanup(done.easy);
	curl_slist_free_all(done.headers);
	arena_finish(&done.arena);
}

void transport_run(struct transport *t)
{
	struct epoll_event events[8];
	int running, left, n = epoll_wait(t->epoll, events, ARRAY_LEN(events), 0);
	CURLMsg *message;

	for (int i = 0; i < n; i++) {
		int what = 0;

		if (events[i].data.fd == t->timer) {
			uint64_t ticks;

			if (read(t->timer, &ticks, sizeof(ticks)) == sizeof(ticks))
				curl_multi_socket_action(
					t->multi, CURL_SOCKET_TIMEOUT, 0, &running);
			continue;
		}
		what |= events[i].events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0;
		what |= events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0;
		what |= events[i].events & EPOLLERR ? CURL_CSELECT_ERR : 0;
		curl_multi_socket_action(t->multi, events[i].data.fd, what, &running);
	}
	while ((message = curl_multi_info_read(t->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			finish(t, message->easy_handle, message->data.result);
}

bool transport_pin_of(const char *url, struct transport_pin *pin, struct err *e)
{
	char why[CURL_ERROR_SIZE] = "";
	struct curl_certinfo *chain = NULL;
	CURL *easy;
	CURLcode code;
	bool ok = false;

	*pin = (struct transport_pin){ { 0 } };
	if (strncmp(url, "https://", 8) != 0)
		return true;
	easy = curl_easy_init();
	if (!easy)
		return err_set(e, ERR_INTERNAL, "no memory for a request");
	set_common(easy, url, NULL, why);
	curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	code = curl_easy_perform(easy);
	if (code != CURLE_OK)
		err_set(e, ERR_UNAVAILABLE, "%s: %s", url, why[0] ? why : curl_easy_strerror(code));
	else if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain ||
		 chain->num_of_certs < 1)
		err_set(e, ERR_UNAVAILABLE, "%s: the server showed no certificate", url);
	else
		for (struct curl_slist *l = chain->certinfo[0]; l && !ok; l = l->next)
			if (strncmp(l->data, "Cert:", 5) == 0)
				ok = pin_of_certificate(
					str_of(l->data + 5), pin->s, sizeof(pin->s), e);
	curl_easy_cleanup(easy);
	return ok;
}

bool transport_post(const char *url, const char *target, const struct transport_pin *pin,
	struct bytes body, int *status, struct bytes *reply, struct arena *a, struct err *e)
{
	struct flight f = { .body = BUF_IN(a) };
	struct str pins = arena_printf(a, "%s%s", pin->s[0] ? "sha256//" : "", pin->s);
	long code = 0;
	CURLcode did;

	f.easy = curl_easy_init();
	if (!f.easy)
		return err_set(e, ERR_INTERNAL, "no memory for a request");
	set_common(f.easy, arena_printf(a, "%s%s", url, target).p, pins.p, f.why);
	f.headers = curl_slist_append(f.headers, "Content-Type: application/json");
	curl_easy_setopt(f.easy, CURLOPT_HTTPHEADER, f.headers);
	curl_easy_setopt(f.easy, CURLOPT_TIMEOUT_MS, 20000L);
	curl_easy_setopt(f.easy, CURLOPT_POSTFIELDS, body.p);
	curl_easy_setopt(f.easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
	curl_easy_setopt(f.easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(f.easy, CURLOPT_WRITEDATA, &f);
	did = curl_easy_perform(f.easy);
	if (did == CURLE_OK)
		curl_easy_getinfo(f.easy, CURLINFO_RESPONSE_CODE, &code);
	else
		err_set(e, ERR_UNAVAILABLE, "%s: %s", url,
			f.why[0] ? f.why : curl_easy_strerror(did));
	curl_slist_free_all(f.headers);
	curl_easy_cleanup(f.easy);
	*status = (int)code;
	*reply = buf_bytes(&f.body);
	return did == CURLE_OK;
}
