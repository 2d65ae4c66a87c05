#include "tests/unit/core/http/client.h"

#include <gnutls/gnutls.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <sys/stat.h>

#include "core/base/config.h"
#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/http/pin.h"

struct files {
	char folder[32], certificate[64], key[64];
	uint8_t pin[32];
	struct arena arena;
};

static bool hello(void *context, struct request *q, struct reply *r, struct err *e)
{
	(void)context;
	(void)e;
	reply_text(r, "text/plain", q->secure ? BYTES("secure") : BYTES("plain"));
	return true;
}

static const struct route routes[] = {
	{ "GET", "/", ROLE_ANYONE, ROUTE_READ, hello, NULL, 0, "says hello" },
};

static void put(const char *path, const gnutls_datum_t *pem, unsigned mode)
{
	struct err e;

	assert_true(file_replace(path, bytes_of(pem->data, pem->size), mode, &e));
}

/* A self-signed certificate of a fresh key. */
static int make_files(void **state)
{
	struct files *f = calloc(1, sizeof(*f));
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
	gnutls_pubkey_t public;
	gnutls_datum_t pem;
	struct hash h;

	snprintf(f->folder, sizeof(f->folder), "/tmp/kith-tls-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->certificate, sizeof(f->certificate), "%s/cert.pem", f->folder);
	snprintf(f->key, sizeof(f->key), "%s/key.pem", f->folder);
	gnutls_x509_privkey_init(&key);
	assert_int_equal(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
				 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
		0);
	gnutls_x509_crt_init(&crt);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, "\x01", 1);
	gnutls_x509_crt_set_activation_time(crt, time(NULL) - 3600);
	gnutls_x509_crt_set_expiration_time(crt, time(NULL) + 3600);
	gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, "localhost", 9);
	gnutls_x509_crt_set_key(crt, key);
	assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
	gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem);
	put(f->certificate, &pem, 0644);
	gnutls_free(pem.data);
	gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);
	put(f->key, &pem, 0600);
	gnutls_free(pem.data);
	gnutls_pubkey_init(&public);
	assert_int_equal(gnutls_pubkey_import_x509(public, crt, 0), 0);
	gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &pem);
	h = hash_of(bytes_of(pem.data, pem.size));
	memcpy(f->pin, h.b, sizeof(f->pin));
	gnutls_free(pem.data);
	gnutls_pubkey_deinit(public);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
	*state = f;
	return 0;
}

static int remove_files(void **state)
{
	struct files *f = *state;

	unlink(f->certificate);
	unlink(f->key);
	rmdir(f->folder);
	arena_finish(&f->arena);
	free(f);
	return 0;
}

static struct http_config config_of(const struct files *f)
{
	return (struct http_config){ .listen = "127.0.0.1:0",
		.routes = routes,
		.route_count = ARRAY_LEN(routes),
		.threads = 1,
		.tls_certificate = f->certificate,
		.tls_key = f->key };
}

/* The reply over TLS of that priority; NULL when the handshake fails. */
static const char *ask_tls(struct files *f, const char *address, const char *priority)
{
	static const char ask[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	gnutls_certificate_credentials_t any;
	gnutls_session_t session;
	struct buf in = BUF_IN(&f->arena);
	int fd = client_connect(address);
	bool shaken;
	ssize_t n;

	gnutls_certificate_allocate_credentials(&any);
	gnutls_init(&session, GNUTLS_CLIENT);
	assert_int_equal(gnutls_priority_set_direct(session, priority, NULL), 0);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, any);
	gnutls_transport_set_int(session, fd);
	shaken = gnutls_handshake(session) == 0;
	if (shaken) {
		uint8_t part[512];

		assert_int_equal(
			gnutls_record_send(session, ask, sizeof(ask) - 1), sizeof(ask) - 1);
		while ((n = gnutls_record_recv(session, part, sizeof(part))) > 0)
			buf_add(&in, bytes_of(part, (size_t)n));
	}
	gnutls_deinit(session);
	gnutls_certificate_free_credentials(any);
	close(fd);
	return shaken ? arena_cstr(&f->arena, buf_str(&in)) : NULL;
}

static void serves_tls_1_2_and_1_3_and_nothing_older(void **state)
{
	struct files *f = *state;
	struct http_config c = config_of(f);
	struct http *h = NULL;
	const char *reply;
	struct err e;

	if (!http_open(&h, &c, &e))
		fail_msg("%s", e.text);
	reply = ask_tls(f, http_address(h), "NORMAL:-VERS-ALL:+VERS-TLS1.3");
	assert_non_null(reply);
	assert_int_equal(status_of(reply), 200);
	assert_non_null(strstr(reply, "Strict-Transport-Security: max-age="));
	assert_non_null(strstr(reply, "\r\n\r\nsecure"));
	reply = ask_tls(f, http_address(h), "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	assert_non_null(reply);
	assert_int_equal(status_of(reply), 200);
	assert_null(ask_tls(f, http_address(h), "LEGACY:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0"));
	http_close(h);
}

static void drops_a_client_that_never_shakes_hands(void **state)
{
	struct files *f = *state;
	struct http_config c = config_of(f);
	struct http *h = NULL;
	struct err e;
	int fd;

	c.limits.header_ms = 50;
	assert_true(http_open(&h, &c, &e));
	fd = client_connect(http_address(h));
	client_send(fd, BYTES("\x16\x03\x01"));
	assert_string_equal(client_read_all(fd, &f->arena), "");
	close(fd);
	http_close(h);
}

static void refuses_a_key_that_others_can_read(void **state)
{
	static const mode_t loose[] = { 0640, 0604, 0620 };
	struct files *f = *state;
	struct http_config c = config_of(f);
	struct http *h = NULL;
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(loose); i++) {
		chmod(f->key, loose[i]);
		assert_false(http_open(&h, &c, &e));
		assert_int_equal(e.code, ERR_FORBIDDEN);
		assert_non_null(strstr(e.text, "chmod 600"));
	}
	chmod(f->key, 0600);
}

static void refuses_files_that_make_no_pair(void **state)
{
	struct files *f = *state;
	struct http_config c = config_of(f);
	struct http *h = NULL;
	struct err e;

	c.tls_key = NULL;
	assert_false(http_open(&h, &c, &e));
	assert_int_equal(e.code, ERR_USAGE);
	c.tls_key = "/nowhere/key.pem";
	assert_false(http_open(&h, &c, &e));
	chmod(f->certificate, 0600);
	c.tls_key = f->certificate;
	assert_false(http_open(&h, &c, &e));
	assert_int_equal(e.code, ERR_MALFORMED);
}

static void pins_the_key_not_the_certificate(void **state)
{
	struct files *f = *state;
	char pin[PIN_TEXT_LEN + 1], wanted[PIN_TEXT_LEN + 1] = "";
	struct buf b = BUF_ON(wanted);
	struct bytes pem;
	struct err e;

	base64_write(&b, bytes_of(f->pin, sizeof(f->pin)));
	assert_true(file_read(&pem, f->certificate, 64 << 10, &f->arena, &e));
	assert_true(pin_of_certificate(
		(struct str){ (const char *)pem.p, pem.len }, pin, sizeof(pin), &e));
	assert_string_equal(pin, wanted);
	assert_false(pin_of_certificate(STR("no certificate"), pin, sizeof(pin), &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			serves_tls_1_2_and_1_3_and_nothing_older, make_files, remove_files),
		cmocka_unit_test_setup_teardown(
			drops_a_client_that_never_shakes_hands, make_files, remove_files),
		cmocka_unit_test_setup_teardown(
			refuses_a_key_that_others_can_read, make_files, remove_files),
		cmocka_unit_test_setup_teardown(
			refuses_files_that_make_no_pair, make_files, remove_files),
		cmocka_unit_test_setup_teardown(
			pins_the_key_not_the_certificate, make_files, remove_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
