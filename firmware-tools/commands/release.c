/*
 * kith-badge release: updates of kiosks, made where the release key is kept. A key is made, a
 * file of packages is signed, and looked at (core/release/release.h).
 */
#include <stdio.h>
#include <sys/stat.h>

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/base/run.h"
#include "core/base/text.h"
#include "core/release/release.h"
#include "firmware-tools/command.h"
#include "firmware-tools/verbs.h"

struct job {
	const char *out, *key_file, *keys_file, *from;
};

enum { KEY_MODE = 0600, FILE_MODE = 0644 };
static const char key_mark[] = "kith-release-key-1\n";

static const struct option_row key_rows[] = {
	{ "out", "FILE", "the new key, for its owner alone", offsetof(struct job, out), true },
};
static const struct option_row sign_rows[] = {
	{ "key", "FILE", "the release key", offsetof(struct job, key_file), true },
	{ "out", "FILE", "the release (kith-kiosk-VERSION-ARCH.kithup)", offsetof(struct job, out),
		false },
	{ "from", "VERSION", "the oldest version that it may follow (any)",
		offsetof(struct job, from), false },
};
static const struct option_row show_rows[] = {
	{ "keys", "FILE", "public keys, as in /etc/kith/release.keys: it must be signed by one",
		offsetof(struct job, keys_file), false },
};

static void print_public(const uint8_t secret[SIGN_SECRET_LEN])
{
	char text[64];
	struct buf b = BUF_ON(text);

	base64url_write(&b, bytes_of(secret + SIGN_SECRET_LEN - SIGN_PUBLIC_LEN, SIGN_PUBLIC_LEN));
	printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
}

static bool run_key(void *work, char **rest, struct arena *a, struct err *e)
{
	struct job *j = work;
	uint8_t public_key[SIGN_PUBLIC_LEN], secret[SIGN_SECRET_LEN];
	struct buf text = BUF_IN(a);
	struct stat st;
	bool ok;

	(void)rest;
	if (stat(j->out, &st) == 0)
		return err_set(e, ERR_CONFLICT, "%s is there already; a key is never written over",
			j->out);
	sign_keypair(public_key, secret);
	buf_add_str(&text, str_of(key_mark));
	base64url_write(&text, bytes_of(secret, sizeof(secret)));
	buf_add_char(&text, '\n');
	ok = file_replace(j->out, buf_bytes(&text), KEY_MODE, e);
	if (ok)
		print_public(secret);
	crypto_wipe(secret, sizeof(secret));
	crypto_wipe(text.p, text.len);
	return ok;
}

static bool read_key(
	uint8_t secret[SIGN_SECRET_LEN], const char *path, struct arena *a, struct err *e)
{
	struct buf out = BUF_OVER(secret, SIGN_SECRET_LEN);
	struct str text;
	struct bytes raw;
	struct stat st;
	bool ok;

	if (stat(path, &st) == 0 && st.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(e, ERR_FORBIDDEN,
			"%s can be read by others; chmod 600, and ask yourself who has it", path);
	if (!file_read(&raw, path, LIMIT_CONFIG_BYTES, a, e))
		return false;
	ok = utf8_check(raw, &text) && str_starts(text, str_of(key_mark)) &&
	     base64_read(&out, str_trim(str_sub(text, sizeof(key_mark) - 1, text.len))) &&
	     out.len == SIGN_SECRET_LEN;
	crypto_wipe((void *)raw.p, raw.len);
	return ok || err_set(e, ERR_MALFORMED, "%s is no release key", path);
}

/* One field of a package's control file, as dpkg-deb reads it. */
static bool read_field(
	struct str *out, const char *deb, const char *field, struct arena *a, struct err *e)
{
	const char *const argv[] = { "dpkg-deb", "-f", deb, field, NULL };
	struct buf text = BUF_IN(a);
	const struct run r = { .argv = argv, .out = &text };

	if (!run_ok(&r, e))
		return err_in(e, "%s", deb);
	if (!utf8_check(buf_bytes(&text), out))
		return err_set(e, ERR_MALFORMED, "%s: %s is not text", deb, field);
	*out = str_trim(*out);
	return true;
}

static bool take_package(struct release *r, const char *deb, struct arena *a, struct err *e)
{
	struct release_package *p = &r->packages[r->package_count++];
	struct str architecture;

	if (!file_read(&p->bytes, deb, RELEASE_MAX, a, e) ||
		!read_field(&p->name, deb, "Package", a, e) ||
		!read_field(&p->version, deb, "Version", a, e) ||
		!read_field(&architecture, deb, "Architecture", a, e))
		return false;
	if (str_equal(p->name, STR(RELEASE_MAIN_PACKAGE))) {
		struct release_package first = r->packages[0];

		r->version = p->version;
		r->packages[0] = *p;
		if (p != &r->packages[0])
			*p = first;
	}
	if (str_equal(architecture, STR("all")))
		return true;
	if (r->architecture.len > 0 && !str_equal(r->architecture, architecture))
		return err_set(e, ERR_USAGE, "%s is for another machine than the others", deb);
	r->architecture = architecture;
	return true;
}

static bool run_sign(void *work, char **rest, struct arena *a, struct err *e)
{
	struct job *j = work;
	struct release *r = ARENA_NEW(a, struct release);
	uint8_t secret[SIGN_SECRET_LEN];
	struct buf file = BUF_IN(a);
	const char *out = j->out;
	bool ok;

	r->from = str_of(j->from ? j->from : "");
	for (; *rest; rest++)
		if (!take_package(r, *rest, a, e))
			return false;
	if (r->version.len == 0)
		return err_set(e, ERR_USAGE, "a release has the package " RELEASE_MAIN_PACKAGE);
	if (!out)
		out = arena_printf(a, RELEASE_MAIN_PACKAGE "-" STR_FMT "-" STR_FMT ".kithup",
			STR_ARG(r->version), STR_ARG(r->architecture))
			      .p;
	ok = read_key(secret, j->key_file, a, e) && release_write(&file, r, secret, a, e) &&
	     file_replace(out, buf_bytes(&file), FILE_MODE, e);
	crypto_wipe(secret, sizeof(secret));
	if (ok)
		printf("%s\n", out);
	return ok;
}

static bool run_show(void *work, char **rest, struct arena *a, struct err *e)
{
	struct job *j = work;
	struct release *r = ARENA_NEW(a, struct release);
	struct release_keys keys = { .count = 0 };
	struct bytes file, text;
	struct hash digest;
	struct buf hex = BUF_IN(a);

	if (!file_read(&file, rest[0], RELEASE_MAX, a, e) || !release_read(r, file, a, e))
		return false;
	if (j->keys_file && (!file_read(&text, j->keys_file, LIMIT_CONFIG_BYTES, a, e) ||
				    !release_keys_read(&keys, text, e)))
		return false;
	if (j->keys_file && !release_is_signed(r, &keys))
		return err_set(e, ERR_FORBIDDEN, "%s is signed by none of these keys", rest[0]);
	digest = hash_of(file);
	hex_write(&hex, hash_bytes(&digest));
	printf("version " STR_FMT "\narchitecture " STR_FMT "\n", STR_ARG(r->version),
		STR_ARG(r->architecture));
	if (r->from.len > 0)
		printf("from " STR_FMT "\n", STR_ARG(r->from));
	for (size_t i = 0; i < r->package_count; i++)
		printf("package " STR_FMT " " STR_FMT " %llu bytes\n", STR_ARG(r->packages[i].name),
			STR_ARG(r->packages[i].version), (unsigned long long)r->packages[i].size);
	printf("digest " STR_FMT "\nsigned %s\n", STR_ARG(buf_str(&hex)),
		j->keys_file ? "by one of these keys" : "(no keys given)");
	return true;
}

/* Sorted by name. */
static const struct verb verbs[] = {
	{ "key", "make the release key; prints its public half", VERB_ROWS(key_rows), "", 0, 0,
		run_key },
	{ "show", "say what a release is, and check all of it", VERB_ROWS(show_rows), "FILE", 1, 1,
		run_show },
	{ "sign", "make a release of packages", VERB_ROWS(sign_rows), "DEB...", 1,
		RELEASE_PACKAGES_MAX, run_sign },
};

static int run_release(int argc, char **argv, struct arena *a, struct err *e)
{
	struct job j = { 0 };

	return verbs_run("release", verbs, ARRAY_LEN(verbs), &j, argc, argv, a, e);
}

const struct command command_release = {
	.name = "release",
	.usage = "key | show | sign",
	.help = "make and sign updates of kiosks",
	.run = run_release,
};
