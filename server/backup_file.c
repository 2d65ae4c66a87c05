#include "server/backup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 20, FRONT = 16 + 8 + 1, BOX_MAX = CHUNK + FRONT + SEAL_EXTRA };

static const char mark[] = "kith-backup-1\n";
enum { MARK_LEN = sizeof(mark) - 1 };

/* As many bytes as there are, up to n. */
static bool read_full(FILE *f, void *p, size_t n, size_t *got, struct err *e)
{
	*got = fread(p, 1, n, f);
	return *got == n || !ferror(f) || err_errno(e, "cannot read the backup");
}

static bool write_full(FILE *f, struct bytes b, struct err *e)
{
	return fwrite(b.p, 1, b.len, f) == b.len || err_errno(e, "cannot write the backup");
}

static bool write_chunk(FILE *to, struct id file, uint64_t number, bool last, struct bytes content,
	const uint8_t public_key[SEAL_PUBLIC_LEN], struct err *e)
{
	struct arena a = { 0 };
	struct buf plain = BUF_IN(&a), out = BUF_IN(&a), box = BUF_IN(&a);
	bool ok;

	buf_add(&plain, id_bytes(&file));
	buf_add_u64be(&plain, number);
	buf_add_u8(&plain, last);
	buf_add(&plain, content);
	seal_write(&box, buf_bytes(&plain), public_key);
	buf_add_u32be(&out, (uint32_t)box.len);
	buf_add(&out, buf_bytes(&box));
	ok = write_full(to, buf_bytes(&out), e);
	arena_finish(&a);
	return ok;
}

static bool encrypt(FILE *to, FILE *from, const uint8_t public_key[SEAL_PUBLIC_LEN],
	uint8_t *memory, struct err *e)
{
	struct id file = crypto_random_id();
	uint64_t number = 0;
	size_t got = CHUNK;

	if (!write_full(to, bytes_of(mark, MARK_LEN), e) || !write_full(to, id_bytes(&file), e))
		return false;
	while (got == CHUNK) {
		if (!read_full(from, memory, CHUNK, &got, e) ||
			!write_chunk(to, file, number++, got < CHUNK, bytes_of(memory, got),
				public_key, e))
			return false;
	}
	return true;
}

static bool size_of(const char *path, int64_t *bytes, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return err_errno(e, "cannot read %s again", path);
	*bytes = st.st_size;
	return true;
}

static FILE *create(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w+b");

	if (!f) {
		err_errno(e, "cannot make %s", path);
		if (fd >= 0)
			close(fd);
	}
	return f;
}

/* A digest of what was written, before and after it went through the disk's cache. */
static bool hash_file(FILE *f, uint8_t *memory, struct hash *out, struct err *e)
{
	struct hash chain = { { 0 } };
	size_t got = CHUNK;

	rewind(f);
	while (got == CHUNK) {
		if (!read_full(f, memory, CHUNK, &got, e))
			return false;
		chain = hash_of_parts(
			(struct bytes[]){ hash_bytes(&chain), bytes_of(memory, got) }, 2);
	}
	*out = chain;
	return true;
}

bool backup_file_write(const char *to, const char *from, const uint8_t public_key[SEAL_PUBLIC_LEN],
	int64_t *bytes, struct err *e)
{
	uint8_t *memory = malloc(CHUNK);
	FILE *in = fopen(from, "rbe"), *out = NULL, *again = NULL;
	struct hash written, held;
	bool ok = false;

	if (!memory || !in) {
		err_errno(e, "cannot read %s", from);
		goto out;
	}
	out = create(to, e);
	if (!out || !encrypt(out, in, public_key, memory, e))
		goto out;
	if (fflush(out) != 0 || fsync(fileno(out)) != 0) {
		err_errno(e, "cannot write %s", to);
		goto out;
	}
	again = fopen(to, "rbe");
	if (!again) {
		err_errno(e, "cannot read %s again", to);
		goto out;
	}
	if (!hash_file(out, memory, &written, e) || !hash_file(again, memory, &held, e))
		goto out;
	if (!hash_equal(&written, &held))
		err_set(e, ERR_IO, "%s does not hold what was written", to);
	else
		ok = size_of(to, bytes, e);
out:
	if (again)
		fclose(again);
	if (out)
		fclose(out);
	if (in)
		fclose(in);
	free(memory);
	if (!ok && out)
		unlink(to);
	return ok;
}

static bool read_head(FILE *from, struct id *file, struct err *e)
{
	uint8_t head[MARK_LEN + 16];
	size_t got;

	if (!read_full(from, head, sizeof(head), &got, e))
		return false;
	if (got != sizeof(head) || memcmp(head, mark, MARK_LEN) != 0)
		return err_set(e, ERR_MALFORMED, "this is no backup of kith-server");
	memcpy(file->b, head + MARK_LEN, 16);
	return true;
}

/* One box into out, without its length. */
static bool read_box(FILE *from, struct arena *a, struct bytes *out, struct err *e)
{
	uint8_t head[4], *box;
	size_t got;
	uint32_t len;

	if (!read_full(from, head, sizeof(head), &got, e))
		return false;
	if (got != sizeof(head))
		return err_set(e, ERR_MALFORMED, "the backup is cut off");
	len = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 | (uint32_t)head[2] << 8 | head[3];
	if (len > BOX_MAX)
		return err_set(e, ERR_MALFORMED, "the backup is damaged");
	box = arena_alloc(a, len);
	if (!read_full(from, box, len, &got, e))
		return false;
	*out = bytes_of(box, len);
	return got == len || err_set(e, ERR_MALFORMED, "the backup is cut off");
}

struct backup_keys {
	const uint8_t *public_key, *secret_key;
};

/* The content of box number, which must be the next one of file. */
static bool open_box(struct bytes box, struct id file, uint64_t number, const struct backup_keys *k,
	struct arena *a, struct bytes *content, bool *last, struct err *e)
{
	struct buf plain = BUF_IN(a);
	struct bytes rest;
	uint64_t its_number;
	struct id its_file = { { 0 } };
	uint8_t is_last;

	if (!seal_open(&plain, box, k->public_key, k->secret_key))
		return err_set(e, number == 0 ? ERR_FORBIDDEN : ERR_MALFORMED,
			number == 0 ? "this key does not open the backup"
				    : "the backup is damaged");
	rest = buf_bytes(&plain);
	if (!bytes_take_copy(&rest, its_file.b, 16) || !bytes_take_u64be(&rest, &its_number) ||
		!bytes_take_u8(&rest, &is_last) || !id_equal(its_file, file) ||
		its_number != number)
		return err_set(e, ERR_MALFORMED, "the backup was put together from pieces");
	*content = rest;
	*last = is_last != 0;
	return true;
}

static bool decrypt(FILE *to, FILE *from, const struct backup_keys *k, struct err *e)
{
	struct arena a = { 0 };
	struct id file = { { 0 } };
	bool last = false, ok = read_head(from, &file, e);

	for (uint64_t number = 0; ok && !last; number++) {
		struct bytes box, content = { NULL, 0 };

		ok = read_box(from, &a, &box, e) &&
		     open_box(box, file, number, k, &a, &content, &last, e) &&
		     write_full(to, content, e);
		arena_reset(&a);
	}
	arena_finish(&a);
	if (ok && fgetc(from) != EOF)
		return err_set(e, ERR_MALFORMED, "something follows the backup's end");
	return ok;
}

bool backup_file_read(const char *to, const char *from, const uint8_t public_key[SEAL_PUBLIC_LEN],
	const uint8_t secret_key[SEAL_SECRET_LEN], struct err *e)
{
	const struct backup_keys keys = { public_key, secret_key };
	FILE *in = fopen(from, "rbe"), *out = NULL;
	bool ok = false;

	if (!in) {
		err_errno(e, "cannot read %s", from);
		return false;
	}
	out = create(to, e);
	ok = out && (decrypt(out, in, &keys, e) || err_in(e, "%s", from));
	if (ok && (fflush(out) != 0 || fsync(fileno(out)) != 0))
		ok = err_errno(e, "cannot write %s", to);
	if (out)
		fclose(out);
	fclose(in);
	if (!ok && out)
		unlink(to);
	return ok;
}
