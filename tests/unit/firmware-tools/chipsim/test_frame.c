#include "tests/unit/test.h"

#include "core/base/text.h"
#include "firmware-tools/chipsim/frame.h"

static struct bytes hex(struct buf *out, const char *text)
{
	size_t from = out->len;

	assert_true(hex_read(out, str_of(text)));
	return bytes_of(out->p + from, out->len - from);
}

static void assert_hex(struct bytes got, const char *expected)
{
	char memory[2 * FRAME_MAX + 1];
	struct buf text = BUF_ON(memory);

	hex_write(&text, got);
	assert_str(buf_str(&text), expected);
}

/* As a real PN532 and its host said them: nfcpy/nfcpy issue 131. */
static void reads_and_writes_the_frames_of_a_real_chip(void **state)
{
	static const char *const pairs[][2] = {
		{ "0000ff06fad50332010607e800", "d50332010607" },
		{ "0000ff0ff1d54b01010044000704087a04042019cc00",
			"d54b01010044000704087a04042019" },
		{ "0000ff08f8d406630263036305f300", "d406630263036305" },
		{ "0000ff02fed5092200", "d509" },
		{ "0000ff06fad432020a0b07dc00", "d432020a0b07" },
		{ "0000ff04fcd442300ab000", "d442300a" },
		{ "0000ff15ebd54300656e63611101055402656e766151011ec3b75000",
			"d54300656e63611101055402656e766151011ec3b7" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		uint8_t in_memory[64], body_memory[64], out_memory[64];
		struct buf in_buf = BUF_ON(in_memory), body_buf = BUF_ON(body_memory);
		struct buf out = BUF_ON(out_memory);
		struct bytes in = hex(&in_buf, pairs[i][0]), body = { 0 };

		assert_int_equal(frame_take(&in, &body), FRAME_BODY);
		assert_hex(body, pairs[i][1]);
		assert_int_equal(frame_take(&in, &body), FRAME_MORE);
		frame_write(&out, hex(&body_buf, pairs[i][1]));
		assert_hex(buf_bytes(&out), pairs[i][0]);
	}
}

static void reads_back_every_length(void **state)
{
	uint8_t body[FRAME_BODY_MAX], memory[FRAME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (uint8_t)(i * 31 + 0xD4);
	for (size_t len = 1; len <= sizeof(body); len++) {
		struct buf out = BUF_ON(memory);
		struct bytes in, got;

		frame_write(&out, bytes_of(body, len));
		assert_true(buf_ok(&out));
		assert_int_equal(out.len, len + (len > 255 ? 10 : 7));
		in = buf_bytes(&out);
		assert_int_equal(frame_take(&in, &got), FRAME_BODY);
		assert_true(bytes_equal(got, bytes_of(body, len)));
	}
}

static void waits_for_the_rest_of_a_frame_cut_anywhere(void **state)
{
	uint8_t memory[2 * FRAME_MAX];
	struct buf whole = BUF_ON(memory);
	uint8_t body[260] = { 0xD4, 0x40 };

	(void)state;
	buf_add(&whole, BYTES("\x55\x55\x00\x00\x00")); /* wake-up */
	frame_write(&whole, bytes_of(body, sizeof(body)));
	for (size_t cut = 0; cut < whole.len - 1; cut++) {
		struct bytes in = bytes_of(memory, cut), got, rest;

		assert_int_equal(frame_take(&in, &got), FRAME_MORE);
		/* what is left, and what comes later, make the frame */
		rest = bytes_of(in.p, in.len + whole.len - cut);
		assert_int_equal(frame_take(&rest, &got), FRAME_BODY);
		assert_int_equal(got.len, sizeof(body));
	}
}

static void tells_ack_nak_and_bodies_apart_in_one_stream(void **state)
{
	uint8_t memory[64];
	struct buf buf = BUF_ON(memory);
	struct bytes in, body;

	(void)state;
	in = hex(&buf, "5555000000"
		       "0000ff00ff00"
		       "0000ffff0000"
		       "0000ff02fed4022a00"
		       "0000ff00ff00");
	assert_int_equal(frame_take(&in, &body), FRAME_ACK);
	assert_int_equal(frame_take(&in, &body), FRAME_NAK);
	assert_int_equal(frame_take(&in, &body), FRAME_BODY);
	assert_hex(body, "d402");
	assert_int_equal(frame_take(&in, &body), FRAME_ACK);
	assert_int_equal(frame_take(&in, &body), FRAME_MORE);
}

static void finds_the_good_frame_behind_a_broken_one(void **state)
{
	static const char *const broken[] = {
		"0000ff02fed4022b00",	    /* checksum of the data */
		"0000ff02ffd4022a00",	    /* checksum of the length */
		"0000ffffff010afefd",	    /* extended: longer than any */
		"0000ffffff0000000000",	    /* extended: empty */
		"0000ffffff00020dd4022a00", /* extended: checksum of the length */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		uint8_t memory[64];
		struct buf buf = BUF_ON(memory);
		struct bytes in, body;
		enum frame_kind kind;
		int bodies = 0, wrong = 0;

		hex(&buf, broken[i]);
		hex(&buf, "0000ff02fed4022a00");
		in = buf_bytes(&buf);
		while ((kind = frame_take(&in, &body)) != FRAME_MORE) {
			bodies += kind == FRAME_BODY;
			wrong += kind == FRAME_BROKEN;
		}
		assert_int_equal(bodies, 1);
		assert_true(wrong >= 1);
		assert_hex(body, "d402");
	}
}

static void writes_the_error_frame_of_the_manual(void **state)
{
	uint8_t memory[16];
	struct buf out = BUF_ON(memory);

	(void)state;
	frame_write_error(&out);
	assert_hex(buf_bytes(&out), "0000ff01ff7f8100");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes_the_frames_of_a_real_chip),
		cmocka_unit_test(reads_back_every_length),
		cmocka_unit_test(waits_for_the_rest_of_a_frame_cut_anywhere),
		cmocka_unit_test(tells_ack_nak_and_bodies_apart_in_one_stream),
		cmocka_unit_test(finds_the_good_frame_behind_a_broken_one),
		cmocka_unit_test(writes_the_error_frame_of_the_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
