/* ZBar 0.23, QR codes only. The one home of <zbar.h>. */
#include "core/eye/engine.h"

#include <zbar.h>

struct zbar {
	zbar_image_scanner_t *scanner;
	zbar_image_t *image;
};

static void zbar_close(void *engine)
{
	struct zbar *z = engine;

	if (!z)
		return;
	if (z->image)
		zbar_image_destroy(z->image);
	if (z->scanner)
		zbar_image_scanner_destroy(z->scanner);
	free(z);
}

static bool zbar_open(void **engine, struct err *e)
{
	/*
	 * Binary: its own guess at the charset spoils half of all names that are not ASCII.
	 * Density 1: every row and column, else codes turned by 20 to 70 degrees are lost.
	 */
	static const struct {
		zbar_symbol_type_t symbol;
		zbar_config_t config;
		int value;
	} settings[] = {
		{ ZBAR_NONE, ZBAR_CFG_ENABLE, 0 },
		{ ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1 },
		{ ZBAR_QRCODE, ZBAR_CFG_BINARY, 1 },
		{ ZBAR_NONE, ZBAR_CFG_X_DENSITY, 1 },
		{ ZBAR_NONE, ZBAR_CFG_Y_DENSITY, 1 },
	};
	struct zbar *z = calloc(1, sizeof(*z));
	bool ok = z != NULL;

	if (ok) {
		z->scanner = zbar_image_scanner_create();
		z->image = zbar_image_create();
		ok = z->scanner && z->image;
	}
	for (size_t i = 0; ok && i < ARRAY_LEN(settings); i++)
		ok = zbar_image_scanner_set_config(z->scanner, settings[i].symbol,
			     settings[i].config, settings[i].value) == 0;
	if (!ok) {
		zbar_close(z);
		return err_set(e, ERR_INTERNAL, "ZBar cannot be set up");
	}
	zbar_image_set_format(z->image, zbar_fourcc('Y', '8', '0', '0'));
	*engine = z;
	return true;
}

static void zbar_report(const zbar_symbol_t *symbol, engine_found *found, void *context)
{
	struct eye_point corners[4] = { { 0, 0 } };
	unsigned points = zbar_symbol_get_loc_size(symbol);

	if (zbar_symbol_get_type(symbol) != ZBAR_QRCODE)
		return;
	for (unsigned i = 0; i < points && i < 4; i++)
		corners[i] = (struct eye_point){ (float)zbar_symbol_get_loc_x(symbol, i),
			(float)zbar_symbol_get_loc_y(symbol, i) };
	/* the length counts: a payload may hold NUL */
	found(context, bytes_of(zbar_symbol_get_data(symbol), zbar_symbol_get_data_length(symbol)),
		(const struct eye_point *)corners);
}

static void zbar_scan(void *engine, const uint8_t *pixels, uint32_t width, uint32_t height,
	engine_found *found, void *context)
{
	struct zbar *z = engine;

	zbar_image_set_size(z->image, width, height);
	zbar_image_set_data(z->image, pixels, (unsigned long)width * height, NULL);
	if (zbar_scan_image(z->scanner, z->image) > 0)
		for (const zbar_symbol_t *s = zbar_image_first_symbol(z->image); s;
			s = zbar_symbol_next(s))
			zbar_report(s, found, context);
	zbar_image_set_data(z->image, NULL, 0, NULL);
}

const struct engine engine_zbar = {
	.name = "zbar",
	.open = zbar_open,
	.scan = zbar_scan,
	.close = zbar_close,
};
