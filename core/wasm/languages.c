/* The module that the build asks for the packs of all languages (core/wasm/languages.mjs). */
#include "core/followup/language.h"
#include "core/wasm/bridge.h"

/* The name of a language -> its pack. */
static bool write_language(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	struct str name = { (const char *)in.p, in.len };

	(void)a;
	for (size_t i = 0; i < languages_all.count; i++) {
		const struct language *l = languages_all.items[i];

		if (str_equal(str_of(l->lang), name)) {
			language_write(out, l);
			return true;
		}
	}
	return err_set(e, ERR_NOT_FOUND, "no such language");
}

WASM_CALL(kith_language, write_language)
