/* The line, searches, data, time and faults; what real chips were seen to say is in test_golden.c.
 */
#include "tests/unit/test.h"

#include "core/base/text.h"
#include "firmware-tools/chipsim/chip.h"

#define ACK "0000ff00ff00"

struct world {
	struct arena arena;
	struct sim_field field;
	struct chip chip;
	uint64_t now_ns;
	char text[4096]; /* what the chip said last, in hexadecimal */
};

static struct world w;

static int start_with(bool real, uint64_t chip_ns)
{
	memset(&w, 0, sizeof(w));
	sim_field_init(&w.field, &w.arena);
	chip_init(&w.chip, &w.field, real, chip_ns);
	return 0;
}

static int start(void **state)
{
	(void)state;
	return start_with(false, 4000000);
}

static int finish(void **state)
{
	(void)state;
	arena_finish(&w.arena);
	return 0;
}

static struct sim_named *add_tag(const char *name, const char *kind, const char *uid_text)
{
	struct sim_named *tag = NULL;
	uint8_t uid[SIM_UID_LEN];
	struct buf out = BUF_ON(uid);
	struct err e;

	assert_true(hex_read(&out, str_of(uid_text)));
	assert_true(sim_field_add(&w.field, str_of(name), &tag, &e));
	sim_tag_make(&tag->tag, sim_kind_named(str_of(kind)), uid, &w.arena);
	return tag;
}

static struct sim_named *put_tag(const char *name, const char *kind, const char *uid_text)
{
	struct sim_named *tag = add_tag(name, kind, uid_text);
	struct err e;

	assert_true(sim_field_put(&w.field, tag, &e));
	chip_run(&w.chip, w.now_ns);
	return tag;
}

/* All that is due now. */
static const char *heard(void)
{
	struct buf text = BUF_OVER(w.text, sizeof(w.text) - 1);
	struct bytes out;

	while (chip_take(&w.chip, w.now_ns, &out))
		hex_write(&text, out);
	assert_true(buf_ok(&text));
	w.text[text.len] = '\0';
	return w.text;
}

/* Raw bytes from the host, and what comes back at once. */
static const char *raw(const char *bytes)
{
	uint8_t memory[2048];
	struct buf in = BUF_ON(memory);

	assert_true(hex_read(&in, str_of(bytes)));
	chip_feed(&w.chip, buf_bytes(&in), 115200, w.now_ns);
	return heard();
}

/* The body of a command, framed; the body of the reply without D5, or "" when only an ACK came. */
static const char *say(const char *command)
{
	uint8_t memory[512], whole[FRAME_MAX];
	struct buf body = BUF_ON(memory), frame = BUF_ON(whole), text;
	struct bytes out, in, reply;
	bool ack = false;

	buf_add_u8(&body, FRAME_FROM_HOST);
	assert_true(hex_read(&body, str_of(command)));
	frame_write(&frame, buf_bytes(&body));
	chip_feed(&w.chip, buf_bytes(&frame), 115200, w.now_ns);
	w.text[0] = '\0';
	while (chip_take(&w.chip, w.now_ns, &out)) {
		enum frame_kind kind;

		for (in = out; (kind = frame_take(&in, &reply)) != FRAME_MORE;) {
			ack |= kind == FRAME_ACK;
			if (kind != FRAME_BODY)
				continue;
			text = BUF_OVER(w.text, sizeof(w.text) - 1);
			hex_write(&text, bytes_of(reply.p + 1, reply.len - 1));
			w.text[text.len] = '\0';
		}
	}
	return ack ? w.text : "no ACK";
}

static void wake_chip(void)
{
	assert_string_equal(raw("55550000000000000000000000000000"), "");
	assert_string_equal(say("1401"), "15");
}

#define assert_says(command, reply) assert_string_equal(say(command), reply)
#define assert_raw(bytes, reply)    assert_string_equal(raw(bytes), reply)

/* ---- the line ---- */

static void sleeps_until_it_is_woken(void **state)
{
	(void)state;
	assert_raw("0000ff02fed4022a00", "");
	assert_raw("5555000000"
		   "0000ff02fed4022a00",
		ACK "0000ff06fad50332010607e800");
	assert_says("16f0", "1700");
	assert_raw("0000ff02fed4022a00", "");
	assert_raw("55", "");
	assert_says("02", "0332010607");
}

static void takes_a_frame_byte_by_byte(void **state)
{
	static const char frame[] = "0000ff02fed4022a";

	(void)state;
	wake_chip();
	for (size_t i = 0; i + 2 < sizeof(frame) - 1; i += 2) {
		char byte[3] = { frame[i], frame[i + 1], '\0' };

		assert_raw(byte, "");
	}
	assert_raw("2a00", ACK "0000ff06fad50332010607e800");
}

static void says_error_to_what_it_does_not_know(void **state)
{
	(void)state;
	wake_chip();
	assert_raw("0000ff02fed4ee3e00", ACK "0000ff01ff7f8100");
	assert_raw("0000ff02fed4062600", ACK "0000ff01ff7f8100");     /* ReadRegister of nothing */
	assert_raw("0000ff04fcd432ff00fb00", ACK "0000ff01ff7f8100"); /* no such item */
	assert_raw("0000ff02fed4022b00", "");			      /* checksum */
	assert_raw("0000ff02fed5022900", "");			      /* not from a host */
	assert_says("02", "0332010607");
}

static void says_it_again_after_a_nak(void **state)
{
	(void)state;
	wake_chip();
	assert_says("02", "0332010607");
	assert_raw("0000ffff0000", "0000ff06fad50332010607e800");
}

static void survives_any_bytes(void **state)
{
	uint32_t x = 12345;

	(void)state;
	wake_chip();
	put_tag("a", "ntag215", "04a1b2c3d4e5f6");
	for (int i = 0; i < 20000; i++) {
		uint8_t noise[16];
		struct bytes out;

		for (size_t k = 0; k < sizeof(noise); k++) {
			x = x * 1664525 + 1013904223;
			noise[k] = (uint8_t)(x >> 24);
		}
		chip_feed(&w.chip, bytes_of(noise, sizeof(noise)), 115200, 0);
		while (chip_take(&w.chip, 0, &out))
			continue;
	}
	raw("000000000000");
	for (int i = 0; i < 40; i++)
		raw("00000000000000000000000000000000"); /* end of whatever began */
	assert_says("02", "0332010607");
}

/* ---- finding tags ---- */

static void waits_for_a_tag_until_it_comes(void **state)
{
	(void)state;
	wake_chip();
	assert_says("4a0100", "");
	put_tag("a", "ntag213", "04087a04042019");
	assert_string_equal(heard(), "0000ff0ff1d54b01010044000704087a04042019cc00");
}

static void stops_waiting_on_an_ack_or_a_new_command(void **state)
{
	(void)state;
	wake_chip();
	assert_says("4a0100", "");
	assert_raw("0000ff00ff00", "");
	put_tag("a", "ntag213", "04087a04042019");
	assert_string_equal(heard(), "");
	sim_field_take(&w.field, w.field.tags[0]);
	assert_says("4a0100", "");
	assert_says("02", "0332010607");
	put_tag("b", "ntag213", "04087a04042018");
	assert_string_equal(heard(), "");
}

static void finds_a_selected_tag_again(void **state)
{
	(void)state;
	wake_chip();
	put_tag("a", "ntag213", "04a1b2c3d4e5f6");
	assert_says("3205000102", "33");
	for (int i = 0; i < 5; i++)
		assert_says("4a0100", "4b01010044000704a1b2c3d4e5f6");
}

static void leaves_a_deselected_tag_halted_unless_it_calls_all(void **state)
{
	(void)state;
	wake_chip();
	put_tag("a", "ntag213", "04a1b2c3d4e5f6");
	assert_says("3205000102", "33");
	assert_says("4a0100", "4b01010044000704a1b2c3d4e5f6");
	assert_says("4400", "4500");
	assert_says("4a0100", "4b00");
	w.chip.wupa = true;
	assert_says("4a0100", "4b01010044000704a1b2c3d4e5f6");
	assert_says("4401", "4500");
	w.chip.wupa = false;
	assert_says("4a0100", "4b00");
	assert_says("320100", "33"); /* field off and on: a fresh tag */
	assert_says("320101", "33");
	assert_says("4a0100", "4b01010044000704a1b2c3d4e5f6");
}

static void tells_tags_apart_that_differ_in_one_bit(void **state)
{
	(void)state;
	wake_chip();
	put_tag("a", "ntag213", "04a1b2c3d4e5f6");
	put_tag("b", "ntag213", "04a1b2c3d4e5f7");
	put_tag("c", "ntag213", "04a1b3c3d4e5f6");
	assert_says("3205000102", "33");
	assert_says("4a0100", "4b01010044000704a1b3c3d4e5f6");
	assert_says("4400", "4500");
	assert_says("4a0100", "4b01010044000704a1b2c3d4e5f7");
	assert_says("4400", "4500");
	assert_says("4a0100", "4b01010044000704a1b2c3d4e5f6");
	assert_says("4400", "4500");
	assert_says("4a0100", "4b00");
}

static void holds_two_targets_and_changes_between_them(void **state)
{
	(void)state;
	wake_chip();
	put_tag("a", "ntag213", "04a1b2c3d4e5f6");
	put_tag("b", "ntag213", "04a1b2c3d4e5f7");
	assert_says("3205000102", "33");
	assert_says("4a0200", "4b02010044000704a1b2c3d4e5f7020044000704a1b2c3d4e5f6");
	assert_says("40013000", "410004a1b29fc3d4e5f70548"
				"0000e1101200");
	assert_says("40023000", "410004a1b29fc3d4e5f60448"
				"0000e1101200");
	assert_says("40013000", "410004a1b29fc3d4e5f70548"
				"0000e1101200");
	assert_says("40033000", "4127");
	assert_says("4403", "4527");
	assert_says("5201", "5300");
	assert_says("40013000", "4127");
	assert_says("04", "050001010200001080");
}

static void selects_the_tag_that_is_asked_for(void **state)
{
	(void)state;
	wake_chip();
	put_tag("a", "ntag213", "04a1b2c3d4e5f6");
	put_tag("b", "ntag213", "04a1b2c3d4e5f7");
	assert_says("3205000102", "33");
	assert_says("4a010004a1b2c3d4e5f6", "4b01010044000704a1b2c3d4e5f6");
	assert_says("4400", "4500");
	assert_says("4a01008804a1b2c3d4e5f7", "4b01010044000704a1b2c3d4e5f7");
	assert_says("320100", "33");
	assert_says("4a010004a1b2c3d4e5f8", "4b00");
}

static void polls_by_type(void **state)
{
	uint64_t before;

	(void)state;
	wake_chip();
	before = w.chip.clock.now_ns;
	assert_says("6002011011", "6100"); /* two rounds of two types, 150 ms each */
	assert_true(w.chip.clock.now_ns - before > 600000000);
	assert_true(w.chip.clock.now_ns - before < 620000000);
	put_tag("a", "ntag213", "04a1b2c3d4e5f6");
	assert_says("60ff011110", "6101100c010044000704a1b2c3d4e5f6");
}

/* ---- data ---- */

static void activate(const char *kind)
{
	wake_chip();
	put_tag("a", kind, "04a1b2c3d4e5f6");
	assert_says("3205000102", "33");
	assert_says("4a0100", "4b01010044000704a1b2c3d4e5f6");
}

static void reads_and_writes_by_data_exchange(void **state)
{
	(void)state;
	activate("ntag213");
	assert_says("40013003", "4100e11012000300fe000000000000000000");
	assert_says("4001a20501020304", "4100");
	assert_says("4001a006aabbccdd000000000000000000000000", "4100");
	assert_says("40013004", "41000300fe0001020304aabbccdd00000000");
	assert_says("40013aff04", "4113"); /* NAK */
	assert_says("40013004", "4101");   /* and the tag is back in idle */
	assert_says("4a0100", "4b01010044000704a1b2c3d4e5f6");
	assert_says("4001a20001020304", "4113");
}

/* InDataExchange takes 60 for MIFARE authentication, so GET_VERSION works by the other way only. */
static void needs_communicate_thru_for_get_version(void **state)
{
	(void)state;
	activate("ntag215");
	assert_says("400160", "4114");
	assert_says("4a0100", "4b01010044000704a1b2c3d4e5f6");
	assert_says("4260", "43000004040201001103");
	assert_says("421bffffffff", "43000000");
	assert_says("4239"
		    "02",
		"4302"); /* counter off: NAK, 4 bits, no CRC */
	assert_says("4260", "4301");
}

static void gives_a_nak_as_one_byte_when_crc_is_off(void **state)
{
	(void)state;
	activate("ntag215");
	assert_says("08630300", "09");
	assert_says("421b00000000", "430004");
	assert_says("06633c", "0704"); /* 4 valid bits */
}

static void reads_sixty_pages_in_an_extended_frame(void **state)
{
	const char *reply;

	(void)state;
	activate("ntag215");
	reply = say("423a043f");
	assert_int_equal(strlen(reply), 2 * (2 + 240));
	assert_memory_equal(reply, "43000300fe00", 12);
	assert_int_equal(strlen(say("423a0444")), 2 * (2 + 260));
	/* the reply that does not fit any more */
	assert_says("423a0445", "4307");
}

static void sends_raw_bits(void **state)
{
	(void)state;
	wake_chip();
	put_tag("a", "ntag213", "04a1b2c3d4e5f6");
	put_tag("b", "ntag213", "04a1b3c3d4e5f6");
	assert_says("320101", "33");
	assert_says("08630200630300633d07", "09");
	assert_says("4226", "43004400");
	assert_says("08633d00", "09");
	assert_says("429320", "4306"); /* two answer */
	sim_field_take(&w.field, w.field.tags[1]);
	assert_says("429320", "43008804a1b29f");
	assert_says("08630202", "09"); /* FeliCa framing: nobody */
	assert_says("4200", "4301");
}

/* ---- time ---- */

static uint64_t took(const char *command)
{
	uint64_t before = w.chip.clock.now_ns;

	say(command);
	return w.chip.clock.now_ns - before;
}

#define assert_between(ns, low, high) assert_in_range((ns) / 1000, (low), (high))

/* facts: bus and air of a 7-byte UID 3.4 + 4.5 ms, FAST_READ of a 213's badge 15.3 + 13.4 ms */
static void takes_the_time_that_bus_and_air_take(void **state)
{
	(void)state;
	w.chip.clock.chip_ns = 0;
	activate("ntag213");
	assert_between(took("4a0100"), 7000, 8500 + 5000);
	assert_between(took("423a0327"), 28500, 28900);
	assert_between(took("42300c"), 5500, 6200);
	assert_between(took("4001a20500000000"), 7000, 8500);
	w.chip.clock.chip_ns = 4000000;
	assert_between(took("423a0327"), 32500, 32900);
}

static void answers_no_sooner_than_its_clock_when_time_is_real(void **state)
{
	uint64_t due;

	(void)state;
	start_with(true, 4000000);
	w.now_ns = 1000000000;
	raw("55550000000000000000000000000000");
	assert_string_equal(raw("0000ff02fed4022a00"), "");
	due = chip_due(&w.chip);
	assert_true(due > w.now_ns + 25 * 86000 && due < w.now_ns + 35 * 87000);
	w.now_ns = due;
	assert_string_equal(heard(), ACK);
	due = chip_due(&w.chip);
	assert_true(due > w.now_ns + 4000000 && due < w.now_ns + 6000000);
	w.now_ns = due - 1;
	assert_string_equal(heard(), "");
	w.now_ns = due;
	assert_string_equal(heard(), "0000ff06fad50332010607e800");
	assert_true(chip_due(&w.chip) == UINT64_MAX);
}

static void notices_a_tag_at_the_next_try_when_time_is_real(void **state)
{
	(void)state;
	start_with(true, 0);
	raw("5555000000000000");
	raw("0000ff04fcd44a0100e100");
	for (int i = 0; i < 40; i++) {
		assert_true(chip_due(&w.chip) != UINT64_MAX);
		w.now_ns = chip_due(&w.chip);
		chip_run(&w.chip, w.now_ns);
		heard();
	}
	assert_in_range(w.now_ns / 1000000, 150, 210);
	put_tag("a", "ntag213", "04087a04042019");
	for (int i = 0; i < 3 && chip_due(&w.chip) != UINT64_MAX; i++) {
		w.now_ns = chip_due(&w.chip);
		chip_run(&w.chip, w.now_ns);
	}
	assert_string_equal(heard(), "0000ff0ff1d54b01010044000704087a04042019cc00");
}

/* ---- faults ---- */

static void can_be_dead_or_hang(void **state)
{
	(void)state;
	wake_chip();
	w.chip.faults.dead = true;
	assert_raw("0000ff02fed4022a00", "");
	w.chip.faults = (struct chip_faults){ .hang = true };
	assert_raw("0000ff02fed4022a00", ACK);
	w.chip.faults = (struct chip_faults){ 0 };
	assert_says("4a0100", "");
	w.chip.faults.dead = true;
	put_tag("a", "ntag213", "04a1b2c3d4e5f6"); /* found by a search from before */
	assert_string_equal(heard(), "");
	w.chip.faults.dead = false;
	assert_says("02", "0332010607");
}

static void loses_or_breaks_one_reply(void **state)
{
	(void)state;
	wake_chip();
	w.chip.faults.drop = true;
	assert_raw("0000ff02fed4022a00", ACK);
	assert_says("02", "0332010607");
	w.chip.faults.corrupt = true;
	assert_raw("0000ff02fed4022a00", ACK "0000ff06fad50332010607b200");
	assert_says("02", "0332010607");
}

static void sets_bit_7_of_the_next_status(void **state)
{
	(void)state;
	activate("ntag213");
	w.chip.faults.nad = true;
	assert_says("02", "0332010607"); /* no status in it */
	assert_says("40013003", "4180e11012000300fe000000000000000000");
	assert_says("40013003", "4100e11012000300fe000000000000000000");
}

static void puts_noise_before_each_frame(void **state)
{
	(void)state;
	wake_chip();
	chip_noise(&w.chip);
	assert_true(strlen(heard()) >= 2);
	w.chip.faults.noise = true;
	assert_true(strlen(raw("0000ff02fed4022a00")) > strlen(ACK "0000ff06fad50332010607e800"));
}

static void pulls_the_tag_away_after_so_many_pages(void **state)
{
	(void)state;
	activate("ntag215");
	w.field.pull = 11;
	assert_says("40013003", "4100e1103e000300fe000000000000000000"); /* 10 left */
	assert_int_equal(strlen(say("423a0407")), 2 * (2 + 16));	 /* 6 left */
	assert_says("423a040a", "4301");				 /* 7 pages */
	assert_int_equal(w.field.present_count, 0);
	assert_true(w.field.pull == -1);
}

static void tears_a_page_when_the_tag_goes_while_writing(void **state)
{
	struct sim_named *tag;

	(void)state;
	activate("ntag215");
	tag = w.field.present[0];
	w.field.pull = 0;
	assert_says("4001a204aabbccdd", "4101");
	assert_memory_equal(tag->tag.mem[4], "\xAA\xBB\xFE\x00", 4);
	assert_false(tag->present);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, start, finish)
		T(sleeps_until_it_is_woken),
		T(takes_a_frame_byte_by_byte),
		T(says_error_to_what_it_does_not_know),
		T(says_it_again_after_a_nak),
		T(survives_any_bytes),
		T(waits_for_a_tag_until_it_comes),
		T(stops_waiting_on_an_ack_or_a_new_command),
		T(finds_a_selected_tag_again),
		T(leaves_a_deselected_tag_halted_unless_it_calls_all),
		T(tells_tags_apart_that_differ_in_one_bit),
		T(holds_two_targets_and_changes_between_them),
		T(selects_the_tag_that_is_asked_for),
		T(polls_by_type),
		T(reads_and_writes_by_data_exchange),
		T(needs_communicate_thru_for_get_version),
		T(gives_a_nak_as_one_byte_when_crc_is_off),
		T(reads_sixty_pages_in_an_extended_frame),
		T(sends_raw_bits),
		T(takes_the_time_that_bus_and_air_take),
		T(answers_no_sooner_than_its_clock_when_time_is_real),
		T(notices_a_tag_at_the_next_try_when_time_is_real),
		T(can_be_dead_or_hang),
		T(loses_or_breaks_one_reply),
		T(sets_bit_7_of_the_next_status),
		T(puts_noise_before_each_frame),
		T(pulls_the_tag_away_after_so_many_pages),
		T(tears_a_page_when_the_tag_goes_while_writing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
