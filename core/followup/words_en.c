#include "core/followup/language.h"

const struct language language_en = {
	.lang = "en",
	.titles = {
		[FOLLOWUP_HELLO] = "Say hello to {them}",
		[FOLLOWUP_PROMISE] = "Keep your promise to {them}",
		[FOLLOWUP_THANKS] = "Thank {them}",
		[FOLLOWUP_INTRODUCE] = "Make an introduction for {them}",
		[FOLLOWUP_REFERRAL] = "Act on the referral by {them}, or decline",
		[FOLLOWUP_REPORT_BACK] = "Tell {them} how it went",
		[FOLLOWUP_SHARE] = "Share with {them}|: {topic}",
		[FOLLOWUP_CONGRATULATE] = "Congratulate {them}",
		[FOLLOWUP_KEEP_IN_TOUCH] = "Write to {them} again",
		[FOLLOWUP_FACE_TIME] = "Meet {them} for a coffee",
	},
	.titles_why = {
		[WHY_ASKED_FOR] = "Ask {them} about the introduction",
		[WHY_ASKED] = "Say yes or no to an introduction by {them}",
		[WHY_WAITS] = "See to the introduction of {them} and {by}",
		[WHY_AGREED] = "Ask {them} and {by} how it went",
		[WHY_NOBODY] = "Find somebody for what you want to share",
	},
	.whys = {
		[WHY_MET] = "You met |at {event} |on {date}.",
		[WHY_MET_AGAIN] = "You met for the {nth} time|, the time before on {date}.",
		[WHY_INTRODUCED] = "You were introduced |by {by} |on {date}.",
		[WHY_SAID] = "You promised this on {date}|: {topic}",
		[WHY_PLANNED] = "You wrote this down on {date}|: {topic}",
		[WHY_OFFERED] = "You offered this on {date}|: {topic}",
		[WHY_ASKED_FOR] = "You asked for an introduction on {date}|: {topic}",
		[WHY_HELPED] = "They helped you|: {topic}",
		[WHY_WORKED] = "It worked out, and they helped it along|: {topic}",
		[WHY_REFERRED] = "They referred you on {date}|: {topic}",
		[WHY_ACTED] = "You acted on their referral on {date}|: {topic}",
		[WHY_TOLD] = "They introduced you to |{by}, |and you wrote on {date}.",
		[WHY_ASKED] = "They would like to introduce you to somebody|: {topic}",
		[WHY_WAITS] = "You introduced them |to {by} |on {date}, and not everybody has answered.",
		[WHY_AGREED] = "You introduced them |to {by} |on {date}, and both said yes.",
		[WHY_LEAD] = "You noted their interest in {topic}.",
		[WHY_NOBODY] = "You wanted to share this|: {topic}",
		[WHY_NEWS] = "They have news|: {topic}",
		[WHY_RHYTHM] = "You were last in touch on {date}.",
		[WHY_FACE] = "You last met on {date}, and only wrote since.",
	},
	.places = {
		[PLACE_WAITING] = "First, because it is late and somebody is waiting for it.",
		[PLACE_LATE] = "Here by its date, which is past.",
		[PLACE_DUE] = "Here by its date.",
		[PLACE_SNOOZED] = "Put off until its new date.",
		[PLACE_FINISHED] = "Finished.",
	},
	.lines = {
		[LINE_OFFERED] = "You offered: {topic}",
		[LINE_PROMISED] = "You promised by {date}: {topic}",
		[LINE_ASKED] = "You asked for: {topic}",
		[LINE_BALANCE] = "You gave {given} and received {received}.",
		[LINE_HINT] = ("You have asked for something and not given anything yet. Is there something "
			      "small that you can do first?"),
		[LINE_LET_GO] = "This has waited for more than six weeks. Keep it, say that you cannot, or let it go?",
		[LINE_WORKING] = "Working on: {topic}",
		[LINE_CARES] = "Cares about: {topic}",
		[LINE_INTRODUCED] = "{by} introduced you.",
		[LINE_QUESTION_WORKING] = "How is this coming along: {topic}?",
		[LINE_QUESTION_CARES] = "What is new about {topic}?",
		[LINE_QUESTION_OPEN] = "What are you working on these days?",
		[LINE_QUESTION_HELP] = "Is there anything that I can help you with?",
	},
	.drafts = {
		[FOLLOWUP_HELLO] = { "Good to meet you |at {event}",
			"Hello {them},\n\n"
			"it was good to meet you at {event}.\n"
			"You told me about {topic}, and I would like to hear more.\n"
			"Is there anything that I can help you with?\n\n"
			"Best wishes\n{me}\n" },
		[FOLLOWUP_PROMISE] = { "As promised|: {topic}",
			"Hello {them},\n\n"
			"I promised you something:\n"
			"{topic}\n\n"
			"Here it is. Tell me if you need anything else.\n\n"
			"Best wishes\n{me}\n" },
		[FOLLOWUP_THANKS] = { "Thank you",
			"Hello {them},\n\n"
			"thank you for your help.\n"
			"It was about this: {topic}\n"
			"It made a difference to me.\n"
			"If I can do something for you, please say so.\n\n"
			"Best wishes\n{me}\n" },
		[FOLLOWUP_INTRODUCE] = { "An introduction",
			"Hello {them},\n\n"
			"I would like to introduce you to somebody.\n"
			"It is about this: {topic}\n"
			"Shall I ask the other side whether it suits them?\n\n"
			"Best wishes\n{me}\n" },
		[FOLLOWUP_REFERRAL] = { "Your referral|: {topic}",
			"Hello {them},\n\n"
			"thank you for the referral. I am getting on with it:\n"
			"{topic}\n\n"
			"I will tell you how it goes.\n\n"
			"Best wishes\n{me}\n" },
		[FOLLOWUP_REPORT_BACK] = { "How it went|: {topic}",
			"Hello {them},\n\n"
			"I wanted to tell you how it went.\n"
			"It was about this: {topic}\n\n"
			"Thank you again for pointing me there.\n\n"
			"Best wishes\n{me}\n" },
		[FOLLOWUP_SHARE] = { "This may interest you",
			"Hello {them},\n\n"
			"I came across this and thought of you:\n"
			"{topic}\n\n"
			"No need to answer. I hope that it is of use.\n\n"
			"Best wishes\n{me}\n" },
		[FOLLOWUP_CONGRATULATE] = { "Congratulations!",
			"Hello {them},\n\n"
			"congratulations!\n"
			"I have just heard: {topic}\n"
			"I am glad for you.\n\n"
			"Best wishes\n{me}\n" },
		[FOLLOWUP_KEEP_IN_TOUCH] = { "How are you?",
			"Hello {them},\n\n"
			"it has been a while. How are you?\n"
			"You told me about {topic}. How is it coming along?\n\n"
			"Best wishes\n{me}\n" },
		[FOLLOWUP_FACE_TIME] = { "A coffee?",
			"Hello {them},\n\n"
			"we have only written for a while. Shall we meet for a coffee?\n"
			"I would like to hear more about {topic}.\n"
			"When would it suit you?\n\n"
			"Best wishes\n{me}\n" },
	},
	.drafts_why = {
		[WHY_MET_AGAIN] = { "Good to see you again |at {event}",
			"Hello {them},\n\n"
			"it was good to see you again at {event}.\n"
			"You told me about {topic}, and I would like to hear more.\n"
			"Is there anything that I can help you with?\n\n"
			"Best wishes\n{me}\n" },
		[WHY_INTRODUCED] = { "Introduced |by {by}",
			"Hello {them},\n\n"
			"{by} has introduced us, and I am glad of it.\n"
			"It is about this: {topic}\n"
			"When would it suit you to talk?\n\n"
			"Best wishes\n{me}\n" },
		[WHY_WORKED] = { "It worked out, thank you",
			"Hello {them},\n\n"
			"something has worked out, and you helped it along:\n"
			"{topic}\n"
			"It began with your bringing me together with {by}.\n"
			"Thank you. If I can do something for you, please say so.\n\n"
			"Best wishes\n{me}\n" },
		[WHY_ASKED_FOR] = { "The introduction that we spoke about",
			"Hello {them},\n\n"
			"we spoke about an introduction: {topic}\n"
			"Would you still be willing to ask the other side?\n"
			"I will gladly send you two lines about me to pass on.\n\n"
			"Best wishes\n{me}\n" },
		[WHY_WAITS] = { "May I introduce you |to {by}?",
			"Hello {them},\n\n"
			"I would like to introduce you to {by}.\n"
			"It is about this: {topic}\n"
			"Is that all right with you? I pass on your address only if you both agree.\n\n"
			"Best wishes\n{me}\n" },
		[WHY_AGREED] = { "How did it go |with {by}?",
			"Hello {them},\n\n"
			"I brought you together with {by}. How did it go?\n\n"
			"Best wishes\n{me}\n" },
		[WHY_TOLD] = { "Thank you for the introduction |to {by}",
			"Hello {them},\n\n"
			"you introduced me to {by}. I wanted to tell you how it went:\n\n"
			"Thank you again.\n\n"
			"Best wishes\n{me}\n" },
	},
	.decline = {
		{ "Your referral|: {topic}",
			"Hello {them},\n\n"
			"thank you for thinking of me.\n"
			"It was about this: {topic}\n"
			"I cannot take it up at the moment and do not want to leave you waiting.\n"
			"I hope that it finds somebody who can.\n\n"
			"Best wishes\n{me}\n" },
		{ "The introduction",
			"Hello {them},\n\n"
			"thank you for thinking of me.\n"
			"It was about this: {topic}\n"
			"It does not suit me at the moment, and I do not want to leave you waiting.\n\n"
			"Best wishes\n{me}\n" },
	},
	.months = { "January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December" },
	.date = "{day} {month}",
	.nth = "{n}th",
	.nth_last = { "{n}st", "{n}nd", "{n}rd" },
};
