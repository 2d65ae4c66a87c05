#include "core/release/release.h"

#include "core/base/json.h"
#include "core/base/text.h"

static const char magic[] = "KITHUP1\n";
static const char domain[] = "kith-release-1\n";
enum { MAGIC_LEN = 8 };

static bool made_of(struct str s, const char *more, size_t max)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') &&
			str_find_char(str_of(more), c, 0) == SIZE_MAX)
			return false;
	}
	return s.len > 0 && s.len <= max && s.p[0] >= '0';
}

bool release_architecture_ok(struct str s)
{
	return made_of(s, "-", RELEASE_ARCHITECTURE_MAX);
}

struct str release_architecture(void)
{
#if defined(__x86_64__)
	return STR("amd64");
#elif defined(__aarch64__)
	return STR("arm64");
#elif defined(__arm__)
	return STR("armhf");
#else
	return STR("unknown");
#endif
}

static bool read_package(struct release_package *p, const struct json *o, struct err *e)
{
	if (!json_get_str(o, "name", &p->name) || !made_of(p->name, "+.-", RELEASE_NAME_MAX))
		return err_set(e, ERR_MALFORMED, "name is none of a Debian package");
	if (!json_get_str(o, "version", &p->version) || !version_ok(p->version))
		return err_set(e, ERR_MALFORMED, "version is none of a Debian package");
	if (!json_get_u64(o, "size", &p->size) || p->size == 0 || p->size > RELEASE_MAX)
		return err_set(e, ERR_MALFORMED, "size must be 1 to %d", RELEASE_MAX);
	if (!json_get_blob(o, "sha256", p->sha256.b, sizeof(p->sha256.b)))
		return err_set(e, ERR_MALFORMED, "sha256 must be 32 bytes");
	return true;
}

static bool is_named_before(const struct release *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(r->packages[i].name, r->packages[n].name))
			return true;
	return false;
}

static bool read_packages(struct release *r, const struct json *list, struct err *e)
{
	if (!list || list->type != JSON_ARRAY || list->count == 0 ||
		list->count > RELEASE_PACKAGES_MAX)
		return err_set(
			e, ERR_MALFORMED, "release: it has 1 to %d packages", RELEASE_PACKAGES_MAX);
	for (const struct json *o = list->first; o; o = o->next) {
		size_t n = r->package_count++;

		if (!read_package(&r->packages[n], o, e))
			return err_in(e, "release: package %zu", n + 1);
		if (is_named_before(r, n))
			return err_set(
				e, ERR_MALFORMED, "release: package %zu is there twice", n + 1);
		r->size += r->packages[n].size;
	}
	if (!str_equal(r->packages[0].name, STR(RELEASE_MAIN_PACKAGE)) ||
		!str_equal(r->packages[0].version, r->version))
		return err_set(e, ERR_MALFORMED,
			"release: the first package must be " RELEASE_MAIN_PACKAGE
			" of the release's version");
	return r->size <= RELEASE_MAX ||
	       err_set(e, ERR_TOO_LARGE, "a release has at most %d bytes", RELEASE_MAX);
}

bool release_manifest_read(struct release *out, struct bytes text, struct arena *a, struct err *e)
{
	struct json *root;

	*out = (struct release){ .manifest = text, .from = STR("") };
	if (text.len > RELEASE_MANIFEST_MAX)
		return err_set(e, ERR_TOO_LARGE, "release: a manifest has at most %d bytes",
			RELEASE_MANIFEST_MAX);
	if (!json_read(&root, text, a, e))
		return err_in(e, "release: manifest");
	if (!json_get_str(root, "version", &out->version) || !version_ok(out->version))
		return err_set(e, ERR_MALFORMED, "release: version is missing or wrong");
	if (!json_get_str(root, "architecture", &out->architecture) ||
		!release_architecture_ok(out->architecture))
		return err_set(e, ERR_MALFORMED, "release: architecture is missing or wrong");
	if (json_get(root, "from") &&
		(!json_get_str(root, "from", &out->from) || !version_ok(out->from)))
		return err_set(e, ERR_MALFORMED, "release: from is no version");
	out->size = MAGIC_LEN + 4 + text.len + SIGNATURE_LEN;
	return read_packages(out, json_get(root, "packages"), e);
}

bool release_head_read(struct release *out, struct bytes file, struct arena *a, struct err *e)
{
	struct bytes front, text;
	uint8_t signature[SIGNATURE_LEN];
	uint32_t len;

	if (!bytes_take(&file, MAGIC_LEN, &front) || memcmp(front.p, magic, MAGIC_LEN) != 0)
		return err_set(e, ERR_MALFORMED, "this is no release of Kith");
	if (!bytes_take_u32be(&file, &len) || len > RELEASE_MANIFEST_MAX ||
		!bytes_take(&file, len, &text) ||
		!bytes_take_copy(&file, signature, sizeof(signature)))
		return err_set(e, ERR_MALFORMED, "release: it ends before its manifest does");
	if (!release_manifest_read(out, text, a, e))
		return false;
	memcpy(out->signature, signature, sizeof(signature));
	return true;
}

bool release_read(struct release *out, struct bytes file, struct arena *a, struct err *e)
{
	struct bytes rest = file, front;

	if (!release_head_read(out, file, a, e))
		return false;
	if (file.len != out->size)
		return err_set(e, ERR_MALFORMED, "release: it has %zu bytes where %llu belong",
			file.len, (unsigned long long)out->size);
	if (!bytes_take(&rest, MAGIC_LEN + 4 + out->manifest.len + SIGNATURE_LEN, &front))
		return err_set(e, ERR_MALFORMED, "release: it ends too early");
	for (size_t i = 0; i < out->package_count; i++) {
		struct release_package *p = &out->packages[i];
		struct hash h;

		if (!bytes_take(&rest, (size_t)p->size, &p->bytes))
			return err_set(e, ERR_MALFORMED, "release: package %zu is cut", i + 1);
		h = hash_of(p->bytes);
		if (!hash_equal(&h, &p->sha256))
			return err_set(e, ERR_MALFORMED,
				"release: package %zu is not what the manifest says", i + 1);
	}
	return true;
}

static struct bytes signed_message(struct bytes manifest, uint8_t out[sizeof(domain) + HASH_LEN])
{
	struct buf b = BUF_OVER(out, sizeof(domain) + HASH_LEN);
	struct hash h = hash_of(manifest);

	buf_add_str(&b, str_of(domain));
	buf_add(&b, hash_bytes(&h));
	return buf_bytes(&b);
}

static void write_manifest(struct buf *out, struct release *r)
{
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	json_str(&w, "version", r->version);
	json_str(&w, "architecture", r->architecture);
	if (r->from.len > 0)
		json_str(&w, "from", r->from);
	json_open(&w, "packages", '[');
	for (size_t i = 0; i < r->package_count; i++) {
		struct release_package *p = &r->packages[i];

		p->size = p->bytes.len;
		p->sha256 = hash_of(p->bytes);
		json_open(&w, NULL, '{');
		json_str(&w, "name", p->name);
		json_str(&w, "version", p->version);
		json_u64(&w, "size", p->size);
		json_blob(&w, "sha256", hash_bytes(&p->sha256));
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
}

bool release_write(struct buf *out, struct release *r, const uint8_t secret_key[SIGN_SECRET_LEN],
	struct arena *a, struct err *e)
{
	uint8_t message[sizeof(domain) + HASH_LEN];
	struct buf manifest = BUF_IN(a);
	struct release check;

	write_manifest(&manifest, r);
	r->manifest = buf_bytes(&manifest);
	sign_message(r->signature, signed_message(r->manifest, message), secret_key);
	buf_add(out, bytes_of(magic, MAGIC_LEN));
	buf_add_u32be(out, (uint32_t)r->manifest.len);
	buf_add(out, r->manifest);
	buf_add(out, bytes_of(r->signature, SIGNATURE_LEN));
	for (size_t i = 0; i < r->package_count; i++)
		buf_add(out, r->packages[i].bytes);
	if (!release_read(&check, buf_bytes(out), a, e))
		return false;
	r->size = check.size;
	return true;
}

bool release_keys_read(struct release_keys *out, struct bytes text, struct err *e)
{
	struct str rest, line, word;
	size_t number = 0;

	out->count = 0;
	if (!utf8_check(text, &rest))
		return err_set(e, ERR_MALFORMED, "release keys: not a text");
	while (str_split(&rest, '\n', &line)) {
		struct buf key;

		number++;
		line = str_trim(line);
		if (line.len == 0 || line.p[0] == '#')
			continue;
		if (out->count == RELEASE_KEYS_MAX)
			return err_set(
				e, ERR_TOO_LARGE, "release keys: at most %d", RELEASE_KEYS_MAX);
		(void)str_split(&line, ' ', &word);
		key = BUF_OVER(out->keys[out->count], SIGN_PUBLIC_LEN);
		if (!base64_read(&key, word) || key.len != SIGN_PUBLIC_LEN)
			return err_set(e, ERR_MALFORMED, "release keys: line %zu is no public key",
				number);
		out->count++;
	}
	return true;
}

bool release_is_signed(const struct release *r, const struct release_keys *keys)
{
	uint8_t message[sizeof(domain) + HASH_LEN];
	struct bytes m = signed_message(r->manifest, message);

	for (size_t i = 0; i < keys->count; i++)
		if (sign_verify(r->signature, m, keys->keys[i]))
			return true;
	return false;
}

enum release_verdict release_judge(const struct release *r, const struct release_keys *keys,
	struct str architecture, struct str installed)
{
	if (!release_is_signed(r, keys))
		return RELEASE_UNSIGNED;
	if (!str_equal(r->architecture, architecture))
		return RELEASE_ARCHITECTURE;
	if (version_compare(r->version, installed) <= 0)
		return RELEASE_OLDER;
	if (r->from.len > 0 && version_compare(installed, r->from) < 0)
		return RELEASE_TOO_FAR;
	return RELEASE_FITS;
}

const char *release_verdict_name(enum release_verdict v)
{
	static const char *const names[] = { [RELEASE_FITS] = "",
		[RELEASE_UNSIGNED] = "signature",
		[RELEASE_ARCHITECTURE] = "architecture",
		[RELEASE_OLDER] = "older",
		[RELEASE_TOO_FAR] = "from" };

	return names[v];
}
