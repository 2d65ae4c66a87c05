#include "tests/unit/test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/http/http.h"
#include "core/web/assets.h"

static void finds_each_page_by_its_path(void **state)
{
	static const char *const pages[] = { "/", "/b", "/organizer", "/p", "/sw.js", "/t" };
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

static const struct str *header_of(const struct reply *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (str_equal_nocase(str_of(r->headers[i].name), str_of(name)))
			return &r->headers[i].value;
	return NULL;
}

static bool ask(const char *root, const char *path, const char *const *headers, struct reply *r,
	struct arena *a)
{
	struct request q;
	struct err e;

	*r = (struct reply){ 0 };
	assert_true(request_make(&q, a, "GET", str_of(path), headers, bytes_of(NULL, 0), &e));
	if (assets_get(&assets_server, root, &q, r, &e))
		return true;
	assert_int_equal(e.code, ERR_NOT_FOUND);
	return false;
}

static void answers_with_the_encoding_that_the_client_takes(void **state)
{
	static const struct {
		const char *accept, *encoding;
	} cases[] = {
		{ "gzip, deflate", "gzip" },
		{ "gzip, deflate, br", "br" },
		{ "br;q=0, gzip;q=0.5", "gzip" },
		{ "*", "gzip" },
		{ "gzip;q=0", "" },
		{ "br", "br" },
		{ "", "" },
	};
	const struct asset *page = asset_find(&assets_server, STR("/p"));
	struct arena a = { 0 };
	struct reply r;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *headers[] = { "Accept-Encoding", cases[i].accept, NULL };
		struct str encoding = page->gzip.len > 0 ? str_of(cases[i].encoding) : STR("");
		const struct str *said;

		assert_true(ask(NULL, "/p", headers, &r, &a));
		assert_int_equal(r.status, 200);
		assert_true(bytes_equal(r.body, str_equal(encoding, STR("gzip")) ? page->gzip
						: str_equal(encoding, STR("br")) ? page->brotli
										 : page->plain));
		said = header_of(&r, "Content-Encoding");
		assert_true(str_equal(said ? *said : STR(""), encoding));
		assert_str(*header_of(&r, "Cache-Control"), "no-cache");
	}
	arena_finish(&a);
}

static void says_not_modified_to_who_has_it(void **state)
{
	const struct asset *page = asset_find(&assets_server, STR("/p"));
	struct arena a = { 0 };
	const char *headers[] = { "If-None-Match", NULL, NULL };
	struct reply r;

	(void)state;
	headers[1] = arena_cstr(&a, arena_printf(&a, "\"other\", " STR_FMT, STR_ARG(page->etag)));
	assert_true(ask(NULL, "/p", headers, &r, &a));
	assert_int_equal(r.status, 304);
	assert_int_equal(r.body.len, 0);
	assert_non_null(header_of(&r, "ETag"));
	headers[1] = "W/\"older\"";
	assert_true(ask(NULL, "/p", headers, &r, &a));
	assert_int_equal(r.status, 200);
	arena_finish(&a);
}

static void write_file(struct arena *a, const char *root, const char *name, const char *text)
{
	int fd = open(arena_cstr(a, arena_printf(a, "%s/%s", root, name)),
		O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void serves_a_folder_first_but_nothing_outside_it(void **state)
{
	static const char *const outside[] = { "/../secret.html", "/.hidden",
		"/assets/../../secret.html", "/assets//x.js", "/secret" };
	static const char *const no_headers[] = { NULL };
	char top[] = "/tmp/kith-assets-XXXXXX";
	struct arena a = { 0 };
	const char *root;
	struct reply r;

	(void)state;
	assert_non_null(mkdtemp(top));
	root = arena_cstr(&a, arena_printf(&a, "%s/root", top));
	assert_int_equal(mkdir(root, 0700), 0);
	write_file(&a, top, "secret.html", "secret");
	write_file(&a, root, "index.html", "start");
	write_file(&a, root, "new.js", "code");
	assert_true(ask(root, "/", no_headers, &r, &a));
	assert_str(((struct str){ (const char *)r.body.p, r.body.len }), "start");
	assert_str(r.type, "text/html; charset=utf-8");
	assert_true(ask(root, "/new.js", no_headers, &r, &a));
	assert_str(r.type, "text/javascript; charset=utf-8");
	for (size_t i = 0; i < ARRAY_LEN(outside); i++)
		assert_false(ask(root, outside[i], no_headers, &r, &a));
	assert_true(ask(root, "/p", no_headers, &r, &a)); /* what is not there is embedded */
	unlink(arena_cstr(&a, arena_printf(&a, "%s/index.html", root)));
	unlink(arena_cstr(&a, arena_printf(&a, "%s/new.js", root)));
	rmdir(root);
	unlink(arena_cstr(&a, arena_printf(&a, "%s/secret.html", top)));
	rmdir(top);
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_page_by_its_path),
		cmocka_unit_test(finds_nothing_where_nothing_is),
		cmocka_unit_test(keeps_the_table_in_the_order_that_the_search_needs),
		cmocka_unit_test(marks_as_lasting_only_what_has_a_hash_in_its_name),
		cmocka_unit_test(answers_with_the_encoding_that_the_client_takes),
		cmocka_unit_test(says_not_modified_to_who_has_it),
		cmocka_unit_test(serves_a_folder_first_but_nothing_outside_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
