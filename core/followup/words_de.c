#include "core/followup/language.h"

const struct language language_de = {
	.lang = "de",
	.titles = {
		[FOLLOWUP_HELLO] = "{them} begrüßen",
		[FOLLOWUP_PROMISE] = "Versprechen an {them} halten",
		[FOLLOWUP_THANKS] = "{them} danken",
		[FOLLOWUP_INTRODUCE] = "{them} jemanden vorstellen",
		[FOLLOWUP_REFERRAL] = "Empfehlung von {them} aufgreifen oder absagen",
		[FOLLOWUP_REPORT_BACK] = "{them} berichten, was daraus wurde",
		[FOLLOWUP_SHARE] = "Mit {them} teilen|: {topic}",
		[FOLLOWUP_CONGRATULATE] = "{them} gratulieren",
		[FOLLOWUP_KEEP_IN_TOUCH] = "{them} wieder schreiben",
		[FOLLOWUP_FACE_TIME] = "{them} auf einen Kaffee treffen",
	},
	.titles_why = {
		[WHY_ASKED_FOR] = "Bei {them} wegen der Vorstellung nachfragen",
		[WHY_ASKED] = "Ja oder Nein zur Vorstellung durch {them}",
		[WHY_WAITS] = "Nach der Vorstellung von {them} und {by} sehen",
		[WHY_AGREED] = "{them} und {by} fragen, wie es war",
		[WHY_NOBODY] = "Jemanden finden für das, was du teilen willst",
	},
	.whys = {
		[WHY_MET] = "Getroffen |bei {event} |am {date}.",
		[WHY_MET_AGAIN] = "Ihr habt euch zum {nth} Mal getroffen|, davor am {date}.",
		[WHY_INTRODUCED] = "Ihr wurdet einander |von {by} |am {date} vorgestellt.",
		[WHY_SAID] = "Versprochen am {date}|: {topic}",
		[WHY_PLANNED] = "Aufgeschrieben am {date}|: {topic}",
		[WHY_OFFERED] = "Angeboten am {date}|: {topic}",
		[WHY_ASKED_FOR] = "Am {date} hast du um eine Vorstellung gebeten|: {topic}",
		[WHY_HELPED] = "Hat dir geholfen|: {topic}",
		[WHY_WORKED] = "Es hat geklappt, auch dank dieser Hilfe|: {topic}",
		[WHY_REFERRED] = "Am {date} kam diese Empfehlung|: {topic}",
		[WHY_ACTED] = "Du bist der Empfehlung am {date} gefolgt|: {topic}",
		[WHY_TOLD] = "Hat dich |mit {by} |bekannt gemacht, am {date} hast du dich gemeldet.",
		[WHY_ASKED] = "Möchte dich jemandem vorstellen|: {topic}",
		[WHY_WAITS] = "Am {date} |{by} |vorgestellt, es haben noch nicht alle geantwortet.",
		[WHY_AGREED] = "Am {date} |{by} |vorgestellt, beide haben zugesagt.",
		[WHY_LEAD] = "Laut deiner Notiz interessiert an {topic}.",
		[WHY_NOBODY] = "Das wolltest du teilen|: {topic}",
		[WHY_NEWS] = "Es gibt Neuigkeiten|: {topic}",
		[WHY_RHYTHM] = "Der letzte Kontakt war am {date}.",
		[WHY_FACE] = "Zuletzt getroffen am {date}, seitdem nur geschrieben.",
	},
	.places = {
		[PLACE_WAITING] = "Zuerst, denn es ist überfällig und jemand wartet darauf.",
		[PLACE_LATE] = "Nach seinem Datum eingereiht, das vorbei ist.",
		[PLACE_DUE] = "Nach seinem Datum eingereiht.",
		[PLACE_SNOOZED] = "Auf das neue Datum verschoben.",
		[PLACE_FINISHED] = "Erledigt.",
	},
	.lines = {
		[LINE_OFFERED] = "Du hast angeboten: {topic}",
		[LINE_PROMISED] = "Versprochen bis {date}: {topic}",
		[LINE_ASKED] = "Du hast gebeten um: {topic}",
		[LINE_BALANCE] = "Gegeben: {given}, bekommen: {received}.",
		[LINE_HINT] = ("Du hast um etwas gebeten und noch nichts gegeben. Gibt es etwas Kleines, das "
			      "du zuerst tun kannst?"),
		[LINE_LET_GO] = "Das wartet seit mehr als sechs Wochen. Halten, absagen oder loslassen?",
		[LINE_WORKING] = "Arbeitet an: {topic}",
		[LINE_CARES] = "Wichtig ist: {topic}",
		[LINE_INTRODUCED] = "Bekannt geworden durch {by}.",
		[LINE_QUESTION_WORKING] = "Wie geht es voran mit: {topic}?",
		[LINE_QUESTION_CARES] = "Was gibt es Neues zu {topic}?",
		[LINE_QUESTION_OPEN] = "Woran arbeitest du gerade?",
		[LINE_QUESTION_HELP] = "Kann ich dir bei etwas helfen?",
	},
	.drafts = {
		[FOLLOWUP_HELLO] = { "Schön, dass wir uns getroffen haben|: {event}",
			"Hallo {them},\n\n"
			"es war schön, dich bei {event} zu treffen.\n"
			"Du hast von {topic} erzählt, dazu würde ich gern mehr hören.\n"
			"Kann ich dir bei etwas helfen?\n\n"
			"Viele Grüße\n{me}\n" },
		[FOLLOWUP_PROMISE] = { "Wie versprochen|: {topic}",
			"Hallo {them},\n\n"
			"ich hatte dir etwas versprochen:\n"
			"{topic}\n\n"
			"Hier ist es. Sag mir, wenn du noch etwas brauchst.\n\n"
			"Viele Grüße\n{me}\n" },
		[FOLLOWUP_THANKS] = { "Danke",
			"Hallo {them},\n\n"
			"danke für deine Hilfe.\n"
			"Es ging um: {topic}\n"
			"Das hat mir viel gebracht.\n"
			"Wenn ich etwas für dich tun kann, sag es bitte.\n\n"
			"Viele Grüße\n{me}\n" },
		[FOLLOWUP_INTRODUCE] = { "Darf ich dir jemanden vorstellen?",
			"Hallo {them},\n\n"
			"ich würde dir gern jemanden vorstellen.\n"
			"Es geht um: {topic}\n"
			"Soll ich die andere Seite fragen, ob es passt?\n\n"
			"Viele Grüße\n{me}\n" },
		[FOLLOWUP_REFERRAL] = { "Deine Empfehlung|: {topic}",
			"Hallo {them},\n\n"
			"danke für die Empfehlung. Ich kümmere mich darum:\n"
			"{topic}\n\n"
			"Ich sage dir, was daraus wird.\n\n"
			"Viele Grüße\n{me}\n" },
		[FOLLOWUP_REPORT_BACK] = { "Was daraus wurde|: {topic}",
			"Hallo {them},\n\n"
			"ich wollte dir berichten, was daraus geworden ist.\n"
			"Es ging um: {topic}\n\n"
			"Noch einmal danke für den Hinweis.\n\n"
			"Viele Grüße\n{me}\n" },
		[FOLLOWUP_SHARE] = { "Das könnte dich interessieren",
			"Hallo {them},\n\n"
			"das ist mir begegnet, und ich habe an dich gedacht:\n"
			"{topic}\n\n"
			"Du musst nicht antworten. Ich hoffe, es ist dir nützlich.\n\n"
			"Viele Grüße\n{me}\n" },
		[FOLLOWUP_CONGRATULATE] = { "Herzlichen Glückwunsch!",
			"Hallo {them},\n\n"
			"herzlichen Glückwunsch!\n"
			"Ich habe gerade davon gehört: {topic}\n"
			"Das freut mich für dich.\n\n"
			"Viele Grüße\n{me}\n" },
		[FOLLOWUP_KEEP_IN_TOUCH] = { "Wie geht es dir?",
			"Hallo {them},\n\n"
			"wir haben eine Weile nichts voneinander gehört. Wie geht es dir?\n"
			"Du hast von {topic} erzählt. Wie geht es damit voran?\n\n"
			"Viele Grüße\n{me}\n" },
		[FOLLOWUP_FACE_TIME] = { "Auf einen Kaffee?",
			"Hallo {them},\n\n"
			"wir haben eine Weile nur geschrieben. Wollen wir uns auf einen Kaffee treffen?\n"
			"Ich würde gern mehr über {topic} hören.\n"
			"Wann würde es dir passen?\n\n"
			"Viele Grüße\n{me}\n" },
	},
	.drafts_why = {
		[WHY_MET_AGAIN] = { "Schön, dich wiederzusehen|: {event}",
			"Hallo {them},\n\n"
			"es war schön, dich bei {event} wiederzusehen.\n"
			"Du hast von {topic} erzählt, dazu würde ich gern mehr hören.\n"
			"Kann ich dir bei etwas helfen?\n\n"
			"Viele Grüße\n{me}\n" },
		[WHY_INTRODUCED] = { "Bekannt gemacht |von {by}",
			"Hallo {them},\n\n"
			"{by} hat uns bekannt gemacht, und das freut mich.\n"
			"Es geht um: {topic}\n"
			"Wann würde dir ein Gespräch passen?\n\n"
			"Viele Grüße\n{me}\n" },
		[WHY_WORKED] = { "Es hat geklappt, danke",
			"Hallo {them},\n\n"
			"etwas hat geklappt, und du hast dazu beigetragen:\n"
			"{topic}\n"
			"Angefangen hat es damit, dass du mich mit {by} zusammengebracht hast.\n"
			"Danke. Wenn ich etwas für dich tun kann, sag es bitte.\n\n"
			"Viele Grüße\n{me}\n" },
		[WHY_ASKED_FOR] = { "Die Vorstellung, über die wir sprachen",
			"Hallo {them},\n\n"
			"wir sprachen über eine Vorstellung: {topic}\n"
			"Würdest du die andere Seite fragen?\n"
			"Gern schicke ich dir zwei Sätze über mich zum Weitergeben.\n\n"
			"Viele Grüße\n{me}\n" },
		[WHY_WAITS] = { "Darf ich dich vorstellen?",
			"Hallo {them},\n\n"
			"ich würde dich gern mit {by} bekannt machen.\n"
			"Es geht um: {topic}\n"
			"Ist dir das recht? Deine Adresse gebe ich nur weiter, wenn ihr beide zustimmt.\n\n"
			"Viele Grüße\n{me}\n" },
		[WHY_AGREED] = { "Wie war es |mit {by}?",
			"Hallo {them},\n\n"
			"ich habe dich mit {by} bekannt gemacht. Wie war es?\n\n"
			"Viele Grüße\n{me}\n" },
		[WHY_TOLD] = { "Danke für die Vorstellung",
			"Hallo {them},\n\n"
			"du hast mich mit {by} bekannt gemacht. Ich wollte dir erzählen, was daraus wurde:\n\n"
			"Noch einmal danke.\n\n"
			"Viele Grüße\n{me}\n" },
	},
	.decline = {
		{ "Deine Empfehlung|: {topic}",
			"Hallo {them},\n\n"
			"danke, dass du an mich gedacht hast.\n"
			"Es ging um: {topic}\n"
			"Im Moment kann ich das nicht aufgreifen und möchte dich nicht warten lassen.\n"
			"Ich hoffe, es findet sich jemand, der es kann.\n\n"
			"Viele Grüße\n{me}\n" },
		{ "Die Vorstellung",
			"Hallo {them},\n\n"
			"danke, dass du an mich gedacht hast.\n"
			"Es ging um: {topic}\n"
			"Im Moment passt es mir nicht, und ich möchte dich nicht warten lassen.\n\n"
			"Viele Grüße\n{me}\n" },
	},
	.months = { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
		"September", "Oktober", "November", "Dezember" },
	.date = "{day}. {month}",
	.nth = "{n}.",
};
