#include "core/eye/qr_write.h"

#include <errno.h>
#include <qrencode.h>

#include "core/base/limits.h"

static const char letters[] = "LMQH"; /* of levels, in their order */

bool qr_level_read(struct str letter, enum qr_level *out)
{
	size_t at = letter.len == 1 ? str_find_char(str_of(letters), letter.p[0], 0) : SIZE_MAX;

	if (at >= sizeof(letters) - 1)
		return false;
	*out = (enum qr_level)at;
	return true;
}

bool qr_make(struct qr *out, struct bytes data, enum qr_level level, struct arena *a, struct err *e)
{
	static const QRecLevel levels[] = { QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q,
		QR_ECLEVEL_H };
	static const int byte_limits[] = { LIMIT_CODE_BYTES, 2331, 1663, 1273 };
	QRcode *code = NULL;
	uint8_t *dark;
	size_t modules;

	if (data.len == 0)
		return err_set(e, ERR_USAGE, "a QR code without content");
	/* digits pack tighter than bytes, so more than LIMIT_CODE_BYTES may fit; 7,089 never do */
	if (data.len <= 7089 && !memchr(data.p, 0, data.len)) {
		const char *text = arena_cstr(a, (struct str){ (const char *)data.p, data.len });

		/* numeric, alphanumeric and byte segments, which saves whole versions */
		code = QRcode_encodeString(text, 0, levels[level], QR_MODE_8, 1);
	}
	if (!code && data.len <= (size_t)LIMIT_CODE_BYTES)
		code = QRcode_encodeData((int)data.len, data.p, 0, levels[level]);
	if (!code)
		return err_set(e, ERR_TOO_LARGE,
			"%zu bytes do not fit a QR code of level %c; the limit is about %d",
			data.len, letters[level], byte_limits[level]);
	modules = (size_t)code->width * (size_t)code->width;
	dark = arena_alloc(a, modules);
	for (size_t i = 0; i < modules; i++)
		dark[i] = code->data[i] & 1;
	*out = (struct qr){ (uint32_t)code->width, dark, code->version };
	QRcode_free(code);
	return true;
}

void qr_write_svg(struct buf *out, const struct qr *qr, uint32_t module_px)
{
	uint32_t side = qr->size + 2 * QR_QUIET;

	buf_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		"viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">"
		"<path fill=\"#fff\" d=\"M0 0h%uv%uH0z\"/><path fill=\"#000\" d=\"",
		side * module_px, side * module_px, side, side, side, side);
	for (uint32_t y = 0; y < qr->size; y++) {
		const uint8_t *row = qr->dark + (size_t)y * qr->size;

		for (uint32_t x = 0; x < qr->size; x++) {
			uint32_t run = 0;

			while (x + run < qr->size && row[x + run])
				run++;
			if (run == 0)
				continue;
			buf_printf(out, "M%u %uh%uv1h-%uz", x + QR_QUIET, y + QR_QUIET, run, run);
			x += run;
		}
	}
	buf_lit(out, "\"/></svg>\n");
}

bool qr_draw(
	struct image *out, const struct qr *qr, uint32_t module_px, struct arena *a, struct err *e)
{
	size_t side = ((size_t)qr->size + 2 * QR_QUIET) * module_px;
	uint8_t *pixels;

	if (module_px < 1 || module_px > QR_MODULE_PX_MAX)
		return err_set(e, ERR_USAGE, "a module has 1 to %d pixels", QR_MODULE_PX_MAX);
	pixels = arena_array(a, side, side);
	memset(pixels, 255, side * side);
	for (size_t y = 0; y < (size_t)qr->size * module_px; y++)
		for (size_t x = 0; x < qr->size; x++)
			if (qr->dark[y / module_px * qr->size + x])
				memset(pixels + (y + QR_QUIET * module_px) * side +
						(x + QR_QUIET) * module_px,
					0, module_px);
	*out = (struct image){ pixels, (uint32_t)side, (uint32_t)side, side };
	return true;
}
