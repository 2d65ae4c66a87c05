#include "tests/unit/test.h"

#include "core/tag/link.h"

#define ID "AAECAwQFBgcICQoLDA0ODw"
#define SIG86                                                                                      \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"                                              \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void classifies_whatever_is_scanned(void **state)
{
	static const struct {
		const char *text;
		enum link_kind kind;
	} cases[] = {
		{ "https://ev.example.org/b#" ID, LINK_BADGE },
		{ " HTTPS://EV.example.org/b#" ID "\r\n", LINK_BADGE },
		{ "http://127.0.0.1:8080/b#" ID, LINK_BADGE },
		{ "https://[::1]:8080/b#" ID, LINK_BADGE },
		{ "https://ev.example.org/b#" ID "." SIG86, LINK_BADGE },
		{ "https://ev.example.org/b#" ID ".", LINK_OTHER },
		{ "https://ev.example.org/b#" ID "." SIG86 "A", LINK_OTHER },
		{ "https://ev.example.org/b#" ID SIG86 "A", LINK_OTHER },
		{ "https://ev.example.org/b#AAECAwQFBgcICQoLDA0OD", LINK_OTHER },
		{ "https://ev.example.org/b#AAECAwQFBgcICQoLDA0+Dw", LINK_OTHER },
		{ "https://ev.example.org/b/#" ID, LINK_OTHER },
		{ "https://ev.example.org/x/b#" ID, LINK_OTHER },
		{ "https://user@ev.example.org/b#" ID, LINK_OTHER },
		{ "https://ev.example.org/t#0123456789ABCDEF", LINK_TICKET },
		{ "https://ev.example.org/t#0123-4567-89ab-cdef", LINK_TICKET },
		{ "https://ev.example.org/t#0123456789ABCDE", LINK_OTHER },
		{ "https://ev.example.org/t#0123456789ABCDEF0", LINK_OTHER },
		{ "https://ev.example.org/t#0123456789ABCDEU", LINK_OTHER },
		{ "https://ev.example.org/p#" ID, LINK_PAIR },
		{ "https://ev.example.org/p#", LINK_OTHER },
		{ "https://ev.example.org", LINK_OTHER },
		{ "https://", LINK_NONE },
		{ "https:/ev.example.org/b#" ID, LINK_NONE },
		{ "mailto:a@b.example", LINK_NONE },
		{ "BEGIN:VCARD", LINK_NONE },
		{ "MECARD:N:Doe;;", LINK_NONE },
		{ ID, LINK_NONE },
		{ "", LINK_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct link link;

		if (link_read(str_of(cases[i].text), &link) != cases[i].kind)
			fail_msg("%s: %s", cases[i].text, link_kind_name(link.kind));
		assert_int_equal(link.kind, cases[i].kind);
	}
}

static void reads_back_the_links_it_writes(void **state)
{
	char text[300];
	struct buf to = BUF_ON(text);
	uint8_t signature[LINK_SIGNATURE_LEN];
	struct link link;
	struct id id;
	struct ticket t;

	(void)state;
	for (size_t i = 0; i < sizeof(signature); i++)
		signature[i] = (uint8_t)(i * 5);
	assert_true(id_read(STR(ID), &id));
	link_badge_write(&to, STR("h.example:99"), id, NULL);
	assert_str(buf_str(&to), "https://h.example:99/b#" ID);
	link_read(buf_str(&to), &link);
	assert_true(id_equal(link.id, id) && !link.has_signature);
	assert_str(link.host, "h.example:99");

	to.len = 0;
	link_badge_write(&to, STR("h.example"), id, signature);
	link_read(buf_str(&to), &link);
	assert_true(link.has_signature);
	assert_memory_equal(link.signature, signature, sizeof(signature));

	to.len = 0;
	assert_true(ticket_read(STR("zyxw-vtsr-qpnm-kjhg"), &t));
	link_ticket_write(&to, STR("h.example"), t);
	assert_str(buf_str(&to), "https://h.example/t#ZYXWVTSRQPNMKJHG");
	link_read(buf_str(&to), &link);
	assert_memory_equal(link.ticket.b, t.b, TICKET_LEN);

	to.len = 0;
	link_pair_write(&to, STR("h.example"), id);
	assert_int_equal(link_read(buf_str(&to), &link), LINK_PAIR);
	assert_true(id_equal(link.id, id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classifies_whatever_is_scanned),
		cmocka_unit_test(reads_back_the_links_it_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
