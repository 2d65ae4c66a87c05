/*
 * GET /v1/release and its pieces, for kiosks: what there is to follow to, and its bytes, each
 * answer small enough for bad Wi-Fi and signed like all others. Where a download was cut it goes
 * on.
 */
#include "core/base/json.h"
#include "core/base/text.h"
#include "server/releases.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"

bool release_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	struct str architecture, version;
	struct release x;
	struct hash digest;

	if (!request_query(q, "architecture", &architecture) ||
		!release_architecture_ok(architecture) || !request_query(q, "version", &version) ||
		!version_ok(version))
		return err_set(e, ERR_MALFORMED, "say architecture and version of the kiosk");
	if (!releases_next(work->server->releases, architecture, version, &digest))
		return err_set(e, ERR_NOT_FOUND, "there is no newer release for this kiosk");
	if (!releases_get(work->server->releases, &x, &digest, q->arena, e))
		return false;
	json_open(&w, NULL, '{');
	json_str(&w, "version", x.version);
	json_u64(&w, "size", x.size);
	json_blob(&w, "digest", hash_bytes(&digest));
	json_blob(&w, "signature", bytes_of(x.signature, sizeof(x.signature)));
	json_str(&w, "manifest", (struct str){ (const char *)x.manifest.p, x.manifest.len });
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}

static bool read_number(const struct request *q, const char *name, uint64_t max, uint64_t *out)
{
	struct str text;

	return request_query(q, name, &text) && str_u64(text, out) && *out <= max;
}

bool release_piece_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct hash digest;
	struct buf b = BUF_ON(digest.b);
	uint64_t from, bytes;
	struct bytes piece;

	if (!base64_read(&b, q->params[0]) || b.len != HASH_LEN)
		return err_set(e, ERR_NOT_FOUND, "this release is not offered");
	if (!read_number(q, "from", RELEASE_MAX, &from) ||
		!read_number(q, "bytes", RELEASE_PIECE_MAX, &bytes) || bytes == 0)
		return err_set(e, ERR_MALFORMED, "say from and bytes, at most %d of them",
			RELEASE_PIECE_MAX);
	if (!releases_piece(
		    work->server->releases, &piece, &digest, from, (size_t)bytes, q->arena, e))
		return false;
	reply_text(r, "application/octet-stream", piece);
	return true;
}
