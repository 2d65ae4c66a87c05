/* Certificate and key: read, and checked before anything listens. */
#include "core/http/wire.h"

#include <gnutls/gnutls.h>
#include <sys/stat.h>

#include "core/base/config.h"
#include "core/base/limits.h"

/* TLS 1.2 and 1.3, forward secrecy and AEAD only (facts: testssl and sslscan confirm the versions).
 */
const char tls_priority[] =
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:"
	"+CHACHA20-POLY1305:+AES-128-GCM:%SERVER_PRECEDENCE";

static bool check_mode(const char *key, struct err *e)
{
	struct stat st;

	if (stat(key, &st) != 0)
		return err_errno(e, "key %s", key);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(e, ERR_FORBIDDEN,
			"key %s can be read by others (mode %03o): chmod 600 it", key,
			(unsigned)st.st_mode & 0777u);
	return true;
}

static gnutls_datum_t datum(const char *text)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)text, (unsigned)strlen(text) };
}

static bool check_pair(const char *certificate, const char *key, struct err *e)
{
	gnutls_certificate_credentials_t pair = NULL;
	gnutls_datum_t c = datum(certificate), k = datum(key);
	int code = gnutls_certificate_allocate_credentials(&pair);

	if (code >= 0)
		code = gnutls_certificate_set_x509_key_mem2(
			pair, &c, &k, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (pair)
		gnutls_certificate_free_credentials(pair);
	if (code < 0)
		return err_set(
			e, ERR_MALFORMED, "TLS certificate and key: %s", gnutls_strerror(code));
	return true;
}

static bool read_pem(const char **out, const char *path, struct arena *a, struct err *e)
{
	struct bytes b;

	if (!file_read(&b, path, LIMIT_CONFIG_BYTES, a, e))
		return false;
	*out = arena_cstr(a, (struct str){ (const char *)b.p, b.len });
	return true;
}

bool tls_read(const char **certificate, const char **key, const struct http_config *c,
	struct arena *a, struct err *e)
{
	if (!c->tls_certificate || !c->tls_key)
		return err_set(e, ERR_USAGE, "TLS needs both a certificate and a key");
	return check_mode(c->tls_key, e) && read_pem(certificate, c->tls_certificate, a, e) &&
	       read_pem(key, c->tls_key, a, e) && check_pair(*certificate, *key, e);
}

bool http_check(const struct http_config *config, struct err *e)
{
	const char *certificate, *key;
	struct arena a = { 0 };
	bool ok = (!config->tls_certificate && !config->tls_key) ||
		  tls_read(&certificate, &key, config, &a, e);

	arena_finish(&a);
	return ok;
}
