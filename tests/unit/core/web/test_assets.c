#include "tests/unit/test.h"

#include "core/web/assets.h"

static void finds_each_page_by_its_path(void **state)
{
	static const char *const pages[] = { "/b", "/p", "/t" };
	const struct asset *asset;

	(void)state;
	asset = asset_find(&assets_kiosk, STR("/"));
	assert_non_null(asset);
	assert_str(asset->type, "text/html; charset=utf-8");
	assert_false(asset->hashed);
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		asset = asset_find(&assets_server, str_of(pages[i]));
		assert_non_null(asset);
		assert_str(asset->path, pages[i]);
		assert_true(asset->plain.len > 0);
	}
}

static void finds_nothing_where_nothing_is(void **state)
{
	static const char *const absent[] = { "", "p", "/p/", "/assets/", "/../etc/passwd", "/zz" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(absent); i++)
		assert_null(asset_find(&assets_server, str_of(absent[i])));
}

static void keeps_the_table_in_the_order_that_the_search_needs(void **state)
{
	static const struct asset_set *const sets[] = { &assets_kiosk, &assets_server };

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(sets); k++)
		for (size_t i = 0; i < sets[k]->count; i++) {
			const struct asset *asset = &sets[k]->assets[i];

			assert_ptr_equal(asset_find(sets[k], asset->path), asset);
		}
}

/* Under /assets/ and nowhere else the name may be cached for ever, so it must carry a hash. */
static void marks_as_lasting_only_what_has_a_hash_in_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < assets_server.count; i++) {
		const struct asset *asset = &assets_server.assets[i];

		assert_int_equal(asset->hashed, str_starts(asset->path, STR("/assets/")));
		if (asset->hashed)
			assert_true(str_find_char(asset->path, '-', 0) != SIZE_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_page_by_its_path),
		cmocka_unit_test(finds_nothing_where_nothing_is),
		cmocka_unit_test(keeps_the_table_in_the_order_that_the_search_needs),
		cmocka_unit_test(marks_as_lasting_only_what_has_a_hash_in_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
