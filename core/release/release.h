/*
 * A release: one file with the packages of a kiosk and a manifest that says what they are, signed
 * by the release key, which is never on a server (docs/security.md, "Who can push code").
 *
 *	offset	bytes	what
 *	0	8	"KITHUP1\n"
 *	8	4	length of the manifest, big-endian
 *	12	n	manifest, JSON
 *	12+n	64	Ed25519 signature over "kith-release-1\n" and SHA-256(manifest)
 *	76+n	...	the packages, one behind the other, as the manifest lists them
 *
 * The manifest has the size and SHA-256 of each package, so the signature covers every byte. It is:
 *	{"version":"1.2.0","architecture":"arm64","from":"1.0.0","packages":[
 *	  {"name":"kith-kiosk","version":"1.2.0","size":N,"sha256":"BASE64URL"}, ...]}
 * from is the oldest version that may be followed by this one; absent: any. A member that is not
 * known here is left alone. Names, versions and sizes are held to a few characters and bounds by
 * the reader, since they become names of files and arguments of dpkg.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/err.h"
#include "core/release/version.h"

enum {
	RELEASE_PACKAGES_MAX = 8,
	RELEASE_KEYS_MAX = 4, /* the current one, the next one, and room */
	RELEASE_MANIFEST_MAX = 8 << 10,
	RELEASE_HEAD_MAX = 12 + RELEASE_MANIFEST_MAX + SIGNATURE_LEN,
	RELEASE_MAX = 32 << 20, /* the whole file */
	RELEASE_NAME_MAX = 40,
	RELEASE_ARCHITECTURE_MAX = 16,
};

/* The package that every release has, first, and whose version is the release's. */
#define RELEASE_MAIN_PACKAGE "kith-kiosk"

struct release_package {
	struct str name, version;
	uint64_t size;
	struct hash sha256;
	struct bytes bytes; /* its .deb; empty where only the head was read */
};

struct release {
	struct str version, architecture, from;
	struct release_package packages[RELEASE_PACKAGES_MAX];
	size_t package_count;
	struct bytes manifest; /* as it is signed */
	uint8_t signature[SIGNATURE_LEN];
	uint64_t size; /* of the whole file, as the head says */
};

/* The manifest alone. Borrows from text and a. ERR_MALFORMED, ERR_TOO_LARGE. */
MUST_CHECK bool release_manifest_read(
	struct release *out, struct bytes text, struct arena *a, struct err *e);
/* The head of a file, of which there may be more. ERR_MALFORMED. */
MUST_CHECK bool release_head_read(
	struct release *out, struct bytes file, struct arena *a, struct err *e);
/* A whole file: every package is there and is what the manifest says, and nothing follows. */
MUST_CHECK bool release_read(
	struct release *out, struct bytes file, struct arena *a, struct err *e);
/*
 * Make a file of version, architecture, from and packages (name, version, bytes): sizes and hashes
 * are worked out here. ERR_MALFORMED says what a reader would refuse.
 */
MUST_CHECK bool release_write(struct buf *out, struct release *r,
	const uint8_t secret_key[SIGN_SECRET_LEN], struct arena *a, struct err *e);

/* Public keys, one base64 a line; a line that begins with '#' is a remark, as is what follows. */
struct release_keys {
	uint8_t keys[RELEASE_KEYS_MAX][SIGN_PUBLIC_LEN];
	size_t count;
};
MUST_CHECK bool release_keys_read(struct release_keys *out, struct bytes text, struct err *e);
/* Was the manifest signed by one of them? */
bool release_is_signed(const struct release *r, const struct release_keys *keys);

/* Why a release is not for this machine; also what is reported of it. */
enum release_verdict {
	RELEASE_FITS,
	RELEASE_UNSIGNED,     /* by none of the keys */
	RELEASE_ARCHITECTURE, /* for another machine */
	RELEASE_OLDER,	      /* not newer than what is installed: a downgrade, or a replay */
	RELEASE_TOO_FAR,      /* what is installed is older than "from" */
};
enum release_verdict release_judge(const struct release *r, const struct release_keys *keys,
	struct str architecture, struct str installed);
/* "signature", "architecture", "older", "from"; "" where it fits. */
const char *release_verdict_name(enum release_verdict v);

/* Debian's name of the machine that this was compiled for: amd64, arm64, ...; "unknown". */
struct str release_architecture(void);
/* [a-z0-9-], at most RELEASE_ARCHITECTURE_MAX. */
bool release_architecture_ok(struct str s);
