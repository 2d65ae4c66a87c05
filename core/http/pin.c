#include "core/http/pin.h"

#include <gnutls/x509.h>

#include "core/base/text.h"

bool pin_of_certificate(struct str pem, char *out, size_t size, struct err *e)
{
	gnutls_datum_t text = { (unsigned char *)(uintptr_t)pem.p, (unsigned)pem.len };
	gnutls_x509_crt_t certificate;
	unsigned char hash[32];
	size_t len = sizeof(hash);
	struct buf b = BUF_OVER(out, size - 1);
	int code;

	if (gnutls_x509_crt_init(&certificate) != 0)
		return err_set(e, ERR_INTERNAL, "no memory for a certificate");
	code = gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM);
	if (code == 0)
		code = gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256, hash, &len);
	gnutls_x509_crt_deinit(certificate);
	if (code != 0)
		return err_set(
			e, ERR_MALFORMED, "not a PEM certificate: %s", gnutls_strerror(code));
	memset(out, 0, size);
	base64_write(&b, bytes_of(hash, len));
	return buf_ok(&b) || err_set(e, ERR_INTERNAL, "no room for a pin");
}
