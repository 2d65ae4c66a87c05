/* The scripts of test_desk.c: every transition of the desk. */

SCRIPT(a_door_checks_everybody_in, DESK_DOOR, { "health opening", "starting -" },
	{ "health offline", "idle -" },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" },
	{ "chip ben", "welcome done ben at=09:41 | checkin{who:ben,how:chip}" },
	{ "ticket cid", "welcome done cid at=09:41 | checkin{who:cid,how:ticket}" },
	{ "wait 4999", "welcome - cid at=09:41" }, { "wait 1", "idle -" })

SCRIPT(already_in_is_good_news, DESK_DOOR, { "health online", NULL }, { "chip ana", NULL },
	{ "wait 6000", "idle -" }, { "chip ana", "welcome done ana at=09:00 already" },
	{ "chip ana", "welcome tick ana at=09:00 already" })

SCRIPT(the_same_badge_twice_changes_nothing, DESK_DOOR, { "health online", NULL },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" },
	{ "wait 4000", NULL }, { "chip ana", "welcome tick ana at=09:41" },
	{ "wait 4000", "welcome - ana at=09:41" }, { "wait 1000", "idle -" })

SCRIPT(a_door_exchanges_only_after_the_touch, DESK_DOOR, { "health online", NULL },
	{ "chip ana", NULL }, { "act exchange", "welcome tick ana at=09:41" },
	{ "chip ben", "exchange exchange ana+ben met=1 | checkin{who:ben,how:chip}; "
		      "meeting{a:ana,b:ben}" },
	{ "wait 1200", "note - ana+ben met=1 when=102" })

SCRIPT(a_lounge_exchanges_by_two_taps, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", "welcome done ana" }, { "wait 7900", "welcome - ana" },
	{ "chip ben", "exchange exchange ana+ben met=1 | meeting{a:ana,b:ben}" },
	{ "wait 1200", "note - ana+ben met=1 when=102" }, { "wait 12000", "idle -" })

SCRIPT(two_taps_and_a_touch_make_buddies, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", NULL }, { "chip ben", NULL }, { "wait 1200", NULL },
	{ "act buddy - on", "note tick ana+ben met=1 buddies when=102 | buddy{a:ana,b:ben}" },
	{ "act buddy - on", "note tick ana+ben met=1 buddies when=102" },
	{ "act buddy - off", "note tick ana+ben met=1 when=102 | retract{of:#2,by:ana}" },
	{ "act buddy - on", "note tick ana+ben met=1 buddies when=102 | buddy{a:ana,b:ben}" },
	{ "act undo", "idle attention | retract{of:#1,by:ana}; retract{of:#4}" })

SCRIPT(a_code_makes_no_buddy_of_who_is_not_here, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", NULL }, { "code ben", NULL }, { "wait 1200", NULL },
	{ "act buddy - on", "note - ana+ben met=1 when=102 | 409" })

SCRIPT(after_eight_seconds_a_tap_begins_anew, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", NULL }, { "wait 8000", "idle -" }, { "chip ben", "welcome done ben" })

SCRIPT(three_in_a_row_pair_with_the_first, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", NULL },
	{ "chip ben", "exchange exchange ana+ben met=1 | meeting{a:ana,b:ben}" },
	{ "wait 5000", "note - ana+ben met=1 when=102" },
	{ "chip ben", "note tick ana+ben met=1 when=102" }, { "wait 5000", NULL },
	{ "chip cid", "exchange exchange ana+cid met=1 | meeting{a:ana,b:cid}" },
	{ "wait 8500", "note - ana+cid met=1 when=102" }, { "chip dora", "welcome done dora de" })

SCRIPT(a_mixed_station_pairs_only_who_came_earlier, DESK_MIXED, { "health online", NULL },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" },
	{ "chip ben", "welcome done ben at=09:41 | checkin{who:ben,how:chip}" },
	{ "chip ana", "welcome done ana at=09:00 already" },
	{ "chip ben", "exchange exchange ana+ben met=1 | meeting{a:ana,b:ben}" },
	{ "wait 20000", "idle -" }, { "chip ana", NULL },
	{ "chip cid", "exchange exchange ana+cid met=1 | checkin{who:cid,how:chip}; "
		      "meeting{a:ana,b:cid}" })

SCRIPT(a_booth_meets_for_its_host, DESK_BOOTH, { "health online", NULL },
	{ "chip ana", "exchange exchange host+ana met=1 | meeting{a:host,b:ana}" },
	{ "wait 2000", "note - host+ana met=1 when=102" },
	{ "act pair", "note - host+ana met=1 when=102 | 409" }, { "wait 20000", "idle -" },
	{ "code ben", "exchange exchange host+ben met=1 | meeting{a:host,b:ben,by:badge}" },
	{ "wait 20000", "idle -" }, { "code host", "idle -" }, { "chip host", "welcome done host" },
	{ "card li", "guest exchange host+li | contact{owner:host,card:CARD li,claimed:true}" })

SCRIPT(meeting_again_is_counted_and_within_ten_minutes_only_noted, DESK_LOUNGE,
	{ "health online", NULL }, { "chip ana", NULL },
	{ "chip ben", "exchange exchange ana+ben met=1 | meeting{a:ana,b:ben}" },
	{ "wait 30000", "idle -" }, { "chip ben", NULL },
	{ "chip ana", "note done ben+ana already met=1 when=102" },
	{ "act topic SQLite on", "note tick ben+ana already met=1 [SQLite] when=102 | "
				 "note{author:ben,of:#1,topics:[SQLite]}" },
	{ "wait 600000", "idle -" }, { "chip ana", NULL },
	{ "chip ben", "exchange exchange ana+ben met=2 | meeting{a:ana,b:ben}" })

SCRIPT(a_ticket_is_not_a_second_badge, DESK_LOUNGE, { "health online", NULL },
	{ "ticket ana", "welcome done ana" },
	{ "ticket ben", "refused:ticket-not-badge attention" },
	{ "chip ben", "exchange exchange ana+ben met=1 | meeting{a:ana,b:ben}" })

SCRIPT(a_badge_code_names_only_the_other_person, DESK_LOUNGE, { "health online", NULL },
	{ "code ben", "refused:badge-code-first attention" }, { "wait 5000", "idle -" },
	{ "chip ana", NULL }, { "code ana", "welcome - ana" },
	{ "code ben", "exchange exchange ana+ben met=1 | meeting{a:ana,b:ben,by:badge}" },
	{ "code ben", "exchange - ana+ben met=1" },
	{ "act side b", "exchange - ana+ben met=1 | 409" })

SCRIPT(a_badge_code_never_checks_in_by_itself, DESK_DOOR, { "health online", NULL },
	{ "code ana", "refused:badge-code-at-door attention" })

SCRIPT(a_guests_card_goes_to_whom_tapped_before, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", NULL },
	{ "card li", "guest exchange ana+li | contact{owner:ana,card:CARD li,claimed:true}" },
	{ "card li", "guest - ana+li" }, { "act save", "note tick ana+li when=102" },
	{ "act verb send on", "note tick ana+li [send] when=102 | "
			      "followup{owner:ana,of:#1,kind:promise,due:1970-04-13}" },
	{ "act side b", "note - ana+li [send] when=102 | 409" }, { "act save", "idle tick" })

SCRIPT(a_guests_card_waits_for_its_badge, DESK_MIXED, { "health online", NULL },
	{ "card li", "whose attention+li" },
	{ "code ben", "refused:badge-code-first attention+li" }, { "wait 5000", "whose -+li" },
	{ "chip ana", "guest exchange ana+li | checkin{who:ana,how:chip}; "
		      "contact{owner:ana,card:CARD li,claimed:true}" },
	{ "act not-right", "idle attention | retract{of:#2,by:ana}" })

SCRIPT(a_card_without_an_owner_is_forgotten, DESK_LOUNGE, { "health online", NULL },
	{ "card li", "whose attention+li" }, { "wait 15000", "idle -" },
	{ "card mo", "whose attention+mo" }, { "act not-right", "idle -" },
	{ "chip ana", "welcome done ana" })

SCRIPT(who_just_checked_in_may_show_a_card, DESK_MIXED, { "health online", NULL },
	{ "chip ana", NULL },
	{ "card li", "guest exchange ana+li | contact{owner:ana,card:CARD li,claimed:true}" })

SCRIPT(a_door_takes_no_cards, DESK_DOOR, { "health online", NULL },
	{ "card li", "refused:card-at-door attention" })

SCRIPT(the_same_code_counts_once_until_it_was_away, DESK_LOUNGE, { "health online", NULL },
	{ "card li", "whose attention+li" }, { "wait 2000", NULL }, { "card li", "whose -+li" },
	{ "wait 2000", NULL }, { "card li", "whose -+li" }, { "wait 20000", "idle -" },
	{ "card li", "whose attention+li" })

SCRIPT(an_unknown_badge_gets_one_quick_sync, DESK_LOUNGE, { "health online", NULL },
	{ "unknown nobody", "idle - | find" }, { "wait 100", "reading -" },
	{ "unknown nobody", "reading -" },
	{ "unknown nobody again",
		"refused:unknown-badge stop | refused{what:scan,why:unknown-badge,who:nobody}" },
	{ "wait 5000", "idle -" }, { "unknown nobody", "idle - | find" },
	{ "chip ana again", "welcome done ana" }, { "unknown z", "welcome - ana | find" },
	{ "wait 2500", "refused:unknown-badge stop | refused{what:scan,why:unknown-badge,who:z}" },
	{ "chip ben again", "refused:unknown-badge -" },
	{ "chip ben", "exchange exchange ana+ben met=1 | meeting{a:ana,b:ben}" })

SCRIPT(a_new_tap_ends_a_quick_sync, DESK_LOUNGE, { "health online", NULL },
	{ "unknown nobody", "idle - | find" }, { "chip ana", "welcome done ana" },
	{ "chip ben again", "welcome - ana" }, { "wait 2600", "welcome - ana" })

SCRIPT(offline_an_unknown_badge_is_refused_at_once, DESK_LOUNGE, { "health offline", NULL },
	{ "unknown nobody",
		"refused:unknown-badge stop | refused{what:scan,why:unknown-badge,who:nobody}" })

SCRIPT(refusals_are_named_and_written_once, DESK_DOOR, { "health online", NULL },
	{ "refused revoked", "refused:revoked stop | refused{what:scan,why:revoked,who:revoked}" },
	{ "wait 5000", "idle -" }, { "refused revoked", "refused:revoked stop" },
	{ "refused foreign-event", NULL }, { "refused other-chip", NULL },
	{ "refused forged", NULL }, { "refused phone", "refused:phone attention" },
	{ "refused classic", "refused:classic attention" },
	{ "refused several", "refused:several attention" },
	{ "refused torn", "refused:torn attention" },
	{ "refused no-badge", "refused:no-badge attention" }, { "wait 3000", NULL },
	{ "refused not-a-card", "refused:not-a-card attention" }, { "wait 3000", NULL },
	{ "refused pair-code", "refused:pair-code attention" },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" })

SCRIPT(a_refusal_keeps_the_first_person, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", NULL }, { "wait 7000", NULL }, { "refused torn", "refused:torn attention" },
	{ "wait 5000", "welcome - ana" },
	{ "chip ben", "exchange exchange ana+ben met=1 | meeting{a:ana,b:ben}" },
	{ "wait 2000", NULL }, { "refused phone", "refused:phone attention" },
	{ "chip cid", "exchange exchange ana+cid met=1 | meeting{a:ana,b:cid}" })

SCRIPT(undo_takes_a_checkin_back, DESK_DOOR, { "health online", NULL }, { "chip ana", NULL },
	{ "act undo", "idle attention | retract{of:#1,by:ana}" }, { "act undo", "idle - | 409" },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" })

SCRIPT(undo_takes_an_exchange_back, DESK_LOUNGE, { "health online", NULL }, { "chip ana", NULL },
	{ "chip ben", NULL }, { "act undo", "idle attention | retract{of:#1,by:ana}" },
	{ "chip ana", NULL },
	{ "chip ben", "exchange exchange ana+ben met=1 | meeting{a:ana,b:ben}" })

SCRIPT(not_us_greets_the_second_as_next, DESK_MIXED, { "health online", NULL },
	{ "chip ana", NULL }, { "wait 6000", "idle -" },
	{ "chip ana", "welcome done ana at=09:00 already" },
	{ "chip ben", "exchange exchange ana+ben met=1 | checkin{who:ben,how:chip}; "
		      "meeting{a:ana,b:ben}" },
	{ "act not-us", "welcome attention ben at=09:41 already | retract{of:#3,by:ana}" })

SCRIPT(chips_are_written_at_each_touch, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", NULL }, { "chip ben", NULL },
	{ "act verb topic on", "note tick ana+ben met=1 [topic] when=102" },
	{ "act topic SQLite on", "note tick ana+ben met=1 [topic] [SQLite] when=102 | "
				 "note{author:ana,of:#1,topics:[SQLite]}" },
	{ "act topic Hiring on", "note tick ana+ben met=1 [topic] [SQLite] [Hiring] when=102"
				 " | note{author:ana,of:#1,topics:[SQLite,Hiring],after:[#2]}" },
	{ "act text ferries",
		"note tick ana+ben met=1 [topic] [SQLite] [Hiring] when=102 text=ferries"
		" | note{author:ana,of:#1,text:ferries,topics:[SQLite,Hiring],after:[#3]}" },
	{ "act text", "note tick ana+ben met=1 [topic] [SQLite] [Hiring] when=102 text=ferries" },
	{ "act topic SQLite off", NULL },
	{ "act topic Hiring off", "note tick ana+ben met=1 [topic] when=102 text=ferries"
				  " | note{author:ana,of:#1,text:ferries,after:[#5]}" },
	{ "act topic Knitting on", "note - ana+ben met=1 [topic] when=102 text=ferries | 409" })

SCRIPT(an_emptied_note_is_taken_back, DESK_LOUNGE, { "health online", NULL }, { "chip ana", NULL },
	{ "chip ben", NULL }, { "act topic SQLite on", NULL },
	{ "act topic SQLite off", "note tick ana+ben met=1 when=102 | retract{of:#2,by:ana}" },
	{ "act topic SQLite off", "note tick ana+ben met=1 when=102" })

SCRIPT(verbs_promise_with_a_date, DESK_LOUNGE, { "health online", NULL }, { "chip ana", NULL },
	{ "chip ben", NULL },
	{ "act verb help on", "note tick ana+ben met=1 [help] when=105"
			      " | followup{owner:ana,of:#1,kind:promise,due:1970-04-16,text:Help};"
			      " favour{owner:ana,of:#1,way:offered}" },
	{ "act verb intro on", "note tick ana+ben met=1 [intro] [help] when=103"
			       " | followup{owner:ana,of:#1,kind:introduce,due:1970-04-14};"
			       " favour{owner:ana,of:#1,way:asked}" },
	{ "act verb intro on", "note tick ana+ben met=1 [intro] [help] when=103" },
	{ "act verb intro off", "note tick ana+ben met=1 [help] when=105 | retract{of:#4,by:ana}; "
				"retract{of:#5,by:ana}" },
	{ "act when 110",
		"note tick ana+ben met=1 [help] when=110"
		" | followup{owner:ana,of:#1,kind:promise,due:1970-04-21,text:Help,after:[#2]}" },
	{ "act verb send on", "note tick ana+ben met=1 [send] [help] when=110"
			      " | followup{owner:ana,of:#1,kind:promise,due:1970-04-21}" },
	{ "act verb sing on", "note - ana+ben met=1 [send] [help] when=110 | 409" })

SCRIPT(when_alone_moves_the_greeting, DESK_LOUNGE, { "health online", NULL }, { "chip ana", NULL },
	{ "chip ben", NULL },
	{ "act when 101", "note tick ana+ben met=1 when=101 | "
			  "followup{owner:ana,of:#1,kind:hello,due:1970-04-12}" },
	{ "act when 107", "note tick ana+ben met=1 when=107 | "
			  "followup{owner:ana,of:#1,kind:hello,due:1970-04-18,after:[#2]}" },
	{ "act when 107", "note tick ana+ben met=1 when=107" },
	{ "act when 99", "note - ana+ben met=1 when=107 | 409" },
	{ "act when 501", "note - ana+ben met=1 when=107 | 409" })

SCRIPT(the_other_side_has_its_own_note, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", NULL },
	{ "chip dora", "exchange exchange ana+dora met=1 | meeting{a:ana,b:dora}" },
	{ "act topic SQLite on", NULL },
	{ "act side b", "note tick ana+dora met=1 side=b when=102 de" },
	{ "act verb help on",
		"note tick ana+dora met=1 side=b [help] when=105 de"
		" | followup{owner:dora,of:#1,kind:promise,due:1970-04-16,text:Hilfe};"
		" favour{owner:dora,of:#1,way:offered}" },
	{ "act side a", "note tick ana+dora met=1 [SQLite] when=102 de" },
	{ "act side c", "note - ana+dora met=1 [SQLite] when=102 de | 409" })

SCRIPT(a_touch_gives_more_time, DESK_LOUNGE, { "health online", NULL }, { "chip ana", NULL },
	{ "chip ben", NULL }, { "wait 12000", "note - ana+ben met=1 when=102" },
	{ "act touch", "note - ana+ben met=1 when=102" },
	{ "wait 11999", "note - ana+ben met=1 when=102" }, { "wait 1", "idle -" },
	{ "act touch", "idle -" }, { "act finish", "idle -" })

SCRIPT(the_language_follows_the_badge_and_falls_back, DESK_DOOR, { "health online", NULL },
	{ "chip dora", "welcome done dora at=09:41 de | checkin{who:dora,how:chip}" },
	{ "wait 5000", "idle -" }, { "act lang de", "idle - de" }, { "act lang fr", "idle - de" },
	{ "wait 30000", "idle -" }, { "act lang de", "idle - de" },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" })

SCRIPT(reading_is_shown_only_when_it_takes_time, DESK_DOOR, { "health online", NULL },
	{ "touch", "idle -" }, { "wait 99", "idle -" }, { "wait 1", "reading -" },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" },
	{ "wait 6000", NULL }, { "touch", NULL }, { "wait 2000", "idle -" })

SCRIPT(what_is_not_written_is_not_shown, DESK_DOOR, { "health online", NULL },
	{ "disk full", NULL },
	{ "chip ana", "refused:not-recorded stop | checkin{who:ana,how:chip}" },
	{ "health disk-full", "refused:not-recorded -" }, { "wait 5000", "closed:disk-full -" },
	{ "chip ana", "refused:not-recorded stop" }, { "disk ok", NULL },
	{ "health online", "refused:not-recorded -" },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" })

SCRIPT(a_failed_meeting_leaves_nobody_behind, DESK_LOUNGE, { "health online", NULL },
	{ "chip ana", NULL }, { "disk full", NULL },
	{ "chip ben", "refused:not-recorded stop | meeting{a:ana,b:ben}" }, { "disk ok", NULL },
	{ "chip ben", "welcome done ben" },
	{ "chip ana", "exchange exchange ben+ana met=1 | meeting{a:ben,b:ana}" })

SCRIPT(without_a_reader_the_station_is_closed, DESK_DOOR,
	{ "health no-reader", "closed:no-reader -" }, { "health online", "idle -" },
	{ "health station-revoked", "closed:revoked-station -" },
	{ "chip ana", "closed:revoked-station -" })

SCRIPT(pairing_goes_by_the_same_badge_twice, DESK_DOOR, { "health online", NULL },
	{ "chip ana", NULL }, { "act pair", "pair:waiting tick ana | pair chip" },
	{ "pairing waiting", "pair:waiting - ana qr=M0" },
	{ "chip ana", "pair:waiting tick ana qr=M0" },
	{ "pairing opened 42", "pair:opened tick ana digits=42" },
	{ "code ana", "pair:opened attention ana digits=42" },
	{ "refused torn", "pair:opened attention ana digits=42" },
	{ "chip ana", "pair:opened tick ana digits=42 | confirm" },
	{ "pairing approval 42", "pair:approval tick ana" },
	{ "pairing approval 42", "pair:approval - ana" },
	{ "pairing paired", "pair:paired done ana" }, { "wait 4000", "idle -" },
	{ "pairing paired", "idle -" })

SCRIPT(the_next_person_ends_a_pairing, DESK_DOOR, { "health online", NULL }, { "ticket ana", NULL },
	{ "act pair", "pair:waiting tick ana | pair ticket" },
	{ "pairing opened 42", "pair:opened tick ana digits=42" },
	{ "chip ben", "welcome done ben at=09:41 | checkin{who:ben,how:chip}; pair-end" },
	{ "pairing opened 42", "welcome - ben at=09:41" })

SCRIPT(pairing_ends_by_time_or_refusal, DESK_DOOR, { "health online", NULL }, { "chip ana", NULL },
	{ "act pair", NULL }, { "wait 90000", "refused:pair-expired attention | pair-end" },
	{ "chip ana", "welcome done ana at=09:00 already" }, { "act pair", NULL },
	{ "pairing pair-refused", "refused:pair-refused stop" }, { "chip ana", NULL },
	{ "act pair", NULL }, { "act finish", "idle - | pair-end" })

SCRIPT(pairing_needs_a_person_and_the_network, DESK_DOOR, { "health offline", NULL },
	{ "act pair", "idle - | 409" }, { "chip ana", NULL },
	{ "act pair", "refused:offline attention" })

SCRIPT(staff_need_the_pin, DESK_DOOR, { "health online", NULL }, { "act find ana", "idle - | 409" },
	{ "act staff", "staff tick" }, { "act checkin ana", "staff - | 409" },
	{ "act staff 9999", "staff:pin stop" }, { "act staff 1234", "staff tick staff" },
	{ "act find ana", "staff - staff found=2" },
	{ "act checkin ana", "staff done ana at=09:41 staff | checkin{who:ana,how:staff}" },
	{ "act checkin ana", "staff done ana at=09:00 already staff" },
	{ "act undo", "staff attention staff | retract{of:#1}" },
	{ "act undo", "staff - staff | 409" }, { "act finish", "idle -" })

SCRIPT(staff_badge_comes_before_the_pin, DESK_DOOR, { "health online", NULL },
	{ "act staff", "staff tick badge?" }, { "act staff 1234", "staff:staff-badge stop badge?" },
	{ "act staff 9999", "staff:staff-badge stop badge?" },
	{ "chip ana", "staff:staff-badge stop badge?" },
	{ "code cid", "staff:chip-wanted stop badge?" },
	{ "ticket cid", "staff:chip-wanted stop badge?" },
	{ "refused forged", "staff:forged stop badge?" }, { "chip cid", "staff tick" },
	{ "act staff 9999", "staff:pin stop" }, { "act staff 1234", "staff tick staff" },
	{ "act find ana", "staff - staff found=2" }, { "act finish", "idle -" },
	{ "act staff 1234", "staff:staff-badge stop badge?" })

SCRIPT(staff_badge_of_before_is_forgotten, DESK_DOOR, { "health online", NULL },
	{ "act staff", "staff tick badge?" }, { "chip cid", "staff tick" },
	{ "wait 60000", "idle -" }, { "act staff", "staff tick badge?" },
	{ "touch", "staff - badge?" }, { "wait 90", NULL }, { "chip cid", "staff tick" },
	{ "wait 500", "staff -" }, { "act staff 1234", "staff tick staff" },
	{ "act staff", "staff tick badge?" })

SCRIPT(staff_badge_cannot_be_tapped_without_a_reader, DESK_DOOR, { "health no-reader", NULL },
	{ "act staff", "staff tick" }, { "act staff 9999", "staff:pin stop" },
	{ "act staff 1234", "staff tick staff=station only" },
	{ "act find ana", "staff - staff=station only | 409" },
	{ "act undo", "staff - staff=station only | 409" },
	{ "act tool desk", "staff - staff=station only | 409" },
	{ "act tool reader", "staff tick staff=reader only" },
	{ "health online", "staff - staff=reader only" },
	{ "act walk-in Mo", "staff - staff=reader only | 409" })

SCRIPT(a_reader_test_shows_scans_and_counts_none, DESK_DOOR, { "health online", NULL },
	{ "act tool reader", "idle - | 409" }, { "act staff", NULL },
	{ "act tool reader", "staff - | 409" }, { "act staff 1234", NULL },
	{ "act tool nonsense", "staff - staff | 409" },
	{ "act tool reader", "staff tick staff=reader" },
	{ "chip ana", "staff done staff=reader test1=ana" },
	{ "touch", "staff - staff=reader test1=ana" },
	{ "wait 500", "staff - staff=reader test1=ana" },
	{ "card li", "staff done staff=reader test2=li" },
	{ "card li", "staff done staff=reader test3=li" },
	{ "unknown z", "staff attention staff=reader test4=unknown-badge" },
	{ "refused forged", "staff attention staff=reader test5=forged" },
	{ "wait 119999", "staff - staff=reader test5=forged" }, { "wait 1", "idle -" },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" })

SCRIPT(staff_look_after_the_station, DESK_DOOR, { "health online", NULL },
	{ "act sync", "idle - | 409" }, { "act staff 1234", NULL },
	{ "act tool station", "staff tick staff=station" },
	{ "act volume 4", "staff done staff=station | volume 4" },
	{ "act volume 5", "staff - staff=station | 409" },
	{ "act sync", "staff tick staff=station | sync" },
	{ "act tool camera", "staff tick staff=camera" }, { "act tool desk", "staff tick staff" },
	{ "act tool station", NULL }, { "wait 60000", "idle -" })

SCRIPT(out_of_service_nobody_is_written_down, DESK_DOOR, { "health online", NULL },
	{ "act staff 1234", NULL }, { "act service - off", "staff tick staff | service off" },
	{ "health out-of-service", "staff - staff" }, { "act finish", "closed:out-of-service -" },
	{ "chip ana", "refused:out-of-service attention" },
	{ "wait 5000", "closed:out-of-service -" }, { "act staff 1234", "staff tick staff" },
	{ "act checkin ana", "staff done ana at=09:41 staff | checkin{who:ana,how:staff}" },
	{ "act service - on", "staff tick ana at=09:41 staff | service on" },
	{ "health online", NULL }, { "act finish", "idle -" },
	{ "chip ben", "welcome done ben at=09:41 | checkin{who:ben,how:chip}" })

SCRIPT(who_switches_off_is_told_what_is_unsent, DESK_DOOR, { "health online", NULL },
	{ "act shutdown", "idle - | 409" }, { "act staff 1234", NULL },
	{ "act shutdown unsent", "staff:unsynced attention staff" },
	{ "act shutdown unsent on", "idle - | shutdown" }, { "act staff 1234", NULL },
	{ "act shutdown", "idle - | shutdown" }, { "health going-off", "closed:shutting-down -" },
	{ "chip ana", "refused:shutting-down attention" })

SCRIPT(staff_give_out_a_badge, DESK_DOOR, { "health online", NULL }, { "act staff 1234", NULL },
	{ "act assign ana", "staff:assign tick ana at=09:41 staff" },
	{ "code z", "staff:chip-wanted stop ana at=09:41 staff" },
	{ "chip ben", "staff:badge-taken stop ana at=09:41 staff" },
	{ "refused forged", "staff:forged stop ana at=09:41 staff" },
	{ "chip z", "staff:assigned done ana at=09:41 staff"
		    " | badge-assign{badge:z,who:ana}; checkin{who:ana,how:staff}" },
	{ "act undo", "staff attention staff | retract{of:#1}; retract{of:#2}" },
	{ "act assign ana", NULL }, { "wait 30000", "staff - ana at=09:41 staff" },
	{ "chip ana", "welcome done ana at=09:41 | checkin{who:ana,how:chip}" })

SCRIPT(staff_take_walk_ins, DESK_DOOR, { "health online", NULL },
	{ "act walk-in Mo", "idle - | 409" }, { "act staff 1234", NULL },
	{ "act walk-in Mo", "staff:assign tick staff" },
	{ "chip ana", "staff:badge-taken stop staff" },
	{ "chip z", "staff:assigned done Mo at=09:41 staff"
		    " | badge-assign{badge:z,who:#1,name:Mo}; checkin{who:#1,how:staff}" })

SCRIPT(help_says_where_to_go, DESK_DOOR, { "health online", NULL },
	{ "act help", "refused:help -" }, { "act help", "refused:help - | 409" },
	{ "wait 20000", "idle -" })

SCRIPT(who_is_not_in_the_roster_is_recorded_without_a_name, DESK_MIXED, { "health offline", NULL },
	{ "chip nobody", "welcome done ? at=09:41 | checkin{who:nobody,how:chip}" })

static void an_event_may_let_badge_codes_check_in(void **state)
{
	static const struct line lines[] = {
		{ "health online", NULL },
		{ "code ana", "welcome done ana at=09:41 | checkin{who:ana,how:badge}" },
		{ "act exchange", "welcome - ana at=09:41 | 409" },
		{ "act pair", "welcome - ana at=09:41 | 409" },
		{ "code ben", "welcome done ben at=09:41 | checkin{who:ben,how:badge}" },
		{ NULL, NULL },
	};

	(void)state;
	run_script(__func__, DESK_MIXED, true, lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_door_checks_everybody_in),
		cmocka_unit_test(already_in_is_good_news),
		cmocka_unit_test(the_same_badge_twice_changes_nothing),
		cmocka_unit_test(a_door_exchanges_only_after_the_touch),
		cmocka_unit_test(a_lounge_exchanges_by_two_taps),
		cmocka_unit_test(two_taps_and_a_touch_make_buddies),
		cmocka_unit_test(a_code_makes_no_buddy_of_who_is_not_here),
		cmocka_unit_test(after_eight_seconds_a_tap_begins_anew),
		cmocka_unit_test(three_in_a_row_pair_with_the_first),
		cmocka_unit_test(a_mixed_station_pairs_only_who_came_earlier),
		cmocka_unit_test(a_booth_meets_for_its_host),
		cmocka_unit_test(meeting_again_is_counted_and_within_ten_minutes_only_noted),
		cmocka_unit_test(a_ticket_is_not_a_second_badge),
		cmocka_unit_test(a_badge_code_names_only_the_other_person),
		cmocka_unit_test(a_badge_code_never_checks_in_by_itself),
		cmocka_unit_test(a_guests_card_goes_to_whom_tapped_before),
		cmocka_unit_test(a_guests_card_waits_for_its_badge),
		cmocka_unit_test(a_card_without_an_owner_is_forgotten),
		cmocka_unit_test(who_just_checked_in_may_show_a_card),
		cmocka_unit_test(a_door_takes_no_cards),
		cmocka_unit_test(the_same_code_counts_once_until_it_was_away),
		cmocka_unit_test(an_unknown_badge_gets_one_quick_sync),
		cmocka_unit_test(a_new_tap_ends_a_quick_sync),
		cmocka_unit_test(offline_an_unknown_badge_is_refused_at_once),
		cmocka_unit_test(refusals_are_named_and_written_once),
		cmocka_unit_test(a_refusal_keeps_the_first_person),
		cmocka_unit_test(undo_takes_a_checkin_back),
		cmocka_unit_test(undo_takes_an_exchange_back),
		cmocka_unit_test(not_us_greets_the_second_as_next),
		cmocka_unit_test(chips_are_written_at_each_touch),
		cmocka_unit_test(an_emptied_note_is_taken_back),
		cmocka_unit_test(verbs_promise_with_a_date),
		cmocka_unit_test(when_alone_moves_the_greeting),
		cmocka_unit_test(the_other_side_has_its_own_note),
		cmocka_unit_test(a_touch_gives_more_time),
		cmocka_unit_test(the_language_follows_the_badge_and_falls_back),
		cmocka_unit_test(reading_is_shown_only_when_it_takes_time),
		cmocka_unit_test(what_is_not_written_is_not_shown),
		cmocka_unit_test(a_failed_meeting_leaves_nobody_behind),
		cmocka_unit_test(without_a_reader_the_station_is_closed),
		cmocka_unit_test(pairing_goes_by_the_same_badge_twice),
		cmocka_unit_test(the_next_person_ends_a_pairing),
		cmocka_unit_test(pairing_ends_by_time_or_refusal),
		cmocka_unit_test(pairing_needs_a_person_and_the_network),
		cmocka_unit_test(staff_need_the_pin),
		cmocka_unit_test(staff_badge_comes_before_the_pin),
		cmocka_unit_test(staff_badge_of_before_is_forgotten),
		cmocka_unit_test(staff_badge_cannot_be_tapped_without_a_reader),
		cmocka_unit_test(a_reader_test_shows_scans_and_counts_none),
		cmocka_unit_test(staff_look_after_the_station),
		cmocka_unit_test(out_of_service_nobody_is_written_down),
		cmocka_unit_test(who_switches_off_is_told_what_is_unsent),
		cmocka_unit_test(staff_give_out_a_badge),
		cmocka_unit_test(staff_take_walk_ins),
		cmocka_unit_test(help_says_where_to_go),
		cmocka_unit_test(who_is_not_in_the_roster_is_recorded_without_a_name),
		cmocka_unit_test(an_event_may_let_badge_codes_check_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
