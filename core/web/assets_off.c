/* In the place of the pages where KITH_WEB is OFF: builds that check the C need no node. */
#include "core/web/assets.h"

#define PAGE                                                                                       \
	"<!doctype html><html lang=en><title>Kith</title><p>This program was built without its "   \
	"pages.\n"

#define PAGE_AT(url)                                                                               \
	{                                                                                          \
		.path = STR_INIT(url), .type = STR_INIT("text/html; charset=utf-8"),               \
		.etag = STR_INIT("W/\"off\""), .plain = {                                          \
			(const uint8_t *)PAGE,                                                     \
			sizeof(PAGE) - 1                                                           \
		}                                                                                  \
	}

static const struct asset kiosk[] = { PAGE_AT("/") };
static const struct asset server[] = { PAGE_AT("/"), PAGE_AT("/b"), PAGE_AT("/organizer"),
	PAGE_AT("/p"), PAGE_AT("/sw.js"), PAGE_AT("/t") };

const struct asset_set assets_kiosk = { kiosk, ARRAY_LEN(kiosk) };
const struct asset_set assets_server = { server, ARRAY_LEN(server) };
