#include "core/followup/language.h"

const struct language language_es = {
	.lang = "es",
	.titles = {
		[FOLLOWUP_HELLO] = "Saluda a {them}",
		[FOLLOWUP_PROMISE] = "Cumple tu promesa a {them}",
		[FOLLOWUP_THANKS] = "Da las gracias a {them}",
		[FOLLOWUP_INTRODUCE] = "Presenta a alguien a {them}",
		[FOLLOWUP_REFERRAL] = "Aprovecha la recomendación de {them} o declínala",
		[FOLLOWUP_REPORT_BACK] = "Cuenta a {them} cómo fue",
		[FOLLOWUP_SHARE] = "Comparte con {them}|: {topic}",
		[FOLLOWUP_CONGRATULATE] = "Felicita a {them}",
		[FOLLOWUP_KEEP_IN_TOUCH] = "Vuelve a escribir a {them}",
		[FOLLOWUP_FACE_TIME] = "Queda con {them} para un café",
	},
	.titles_why = {
		[WHY_ASKED_FOR] = "Pregunta a {them} por la presentación",
		[WHY_ASKED] = "Di sí o no a una presentación de {them}",
		[WHY_WAITS] = "Ocúpate de presentar a {them} y {by}",
		[WHY_AGREED] = "Pregunta a {them} y {by} cómo fue",
		[WHY_NOBODY] = "Busca a alguien para lo que quieres compartir",
	},
	.whys = {
		[WHY_MET] = "Os conocisteis |en {event} |el {date}.",
		[WHY_MET_AGAIN] = "Os habéis visto por {nth} vez|; la anterior fue el {date}.",
		[WHY_INTRODUCED] = "Os presentó |{by} |el {date}.",
		[WHY_SAID] = "Lo prometiste el {date}|: {topic}",
		[WHY_PLANNED] = "Lo anotaste el {date}|: {topic}",
		[WHY_OFFERED] = "Lo ofreciste el {date}|: {topic}",
		[WHY_ASKED_FOR] = "Pediste una presentación el {date}|: {topic}",
		[WHY_HELPED] = "Te ayudó|: {topic}",
		[WHY_WORKED] = "Salió bien, también gracias a su ayuda|: {topic}",
		[WHY_REFERRED] = "Te hizo una recomendación el {date}|: {topic}",
		[WHY_ACTED] = "Seguiste su recomendación el {date}|: {topic}",
		[WHY_TOLD] = "Te presentó |a {by}|, y escribiste el {date}.",
		[WHY_ASKED] = "Quiere presentarte a alguien|: {topic}",
		[WHY_WAITS] = "Hiciste la presentación |con {by} |el {date} y aún falta una respuesta.",
		[WHY_AGREED] = "Hiciste la presentación |con {by} |el {date} y ambas partes aceptaron.",
		[WHY_LEAD] = "Anotaste que le interesa: {topic}.",
		[WHY_NOBODY] = "Querías compartir esto|: {topic}",
		[WHY_NEWS] = "Hay novedades|: {topic}",
		[WHY_RHYTHM] = "El último contacto fue el {date}.",
		[WHY_FACE] = "La última vez que os visteis fue el {date}; desde entonces, solo mensajes.",
	},
	.places = {
		[PLACE_WAITING] = "Primero, porque va con retraso y alguien lo espera.",
		[PLACE_LATE] = "Aquí por su fecha, que ya pasó.",
		[PLACE_DUE] = "Aquí por su fecha.",
		[PLACE_SNOOZED] = "Aplazado hasta su nueva fecha.",
		[PLACE_FINISHED] = "Terminado.",
	},
	.lines = {
		[LINE_OFFERED] = "Ofreciste: {topic}",
		[LINE_PROMISED] = "Prometiste para el {date}: {topic}",
		[LINE_ASKED] = "Pediste: {topic}",
		[LINE_BALANCE] = "Diste {given} y recibiste {received}.",
		[LINE_HINT] = ("Has pedido algo y aún no has dado nada. ¿Hay algo pequeño que puedas hacer "
			      "primero?"),
		[LINE_LET_GO] = "Esto espera desde hace más de seis semanas. ¿Cumplirlo, decir que no puedes o dejarlo?",
		[LINE_WORKING] = "Trabaja en: {topic}",
		[LINE_CARES] = "Le importa: {topic}",
		[LINE_INTRODUCED] = "Os presentó {by}.",
		[LINE_QUESTION_WORKING] = "¿Cómo va esto: {topic}?",
		[LINE_QUESTION_CARES] = "¿Qué hay de nuevo sobre {topic}?",
		[LINE_QUESTION_OPEN] = "¿En qué trabajas últimamente?",
		[LINE_QUESTION_HELP] = "¿Puedo ayudarte en algo?",
	},
	.drafts = {
		[FOLLOWUP_HELLO] = { "Me alegró verte |en {event}",
			"Hola, {them}:\n\n"
			"Me alegró verte en {event}.\n"
			"Me hablaste de {topic} y me gustaría saber más.\n"
			"¿Puedo ayudarte en algo?\n\n"
			"Un saludo\n{me}\n" },
		[FOLLOWUP_PROMISE] = { "Lo prometido|: {topic}",
			"Hola, {them}:\n\n"
			"Te prometí algo:\n"
			"{topic}\n\n"
			"Aquí lo tienes. Dime si necesitas algo más.\n\n"
			"Un saludo\n{me}\n" },
		[FOLLOWUP_THANKS] = { "Gracias",
			"Hola, {them}:\n\n"
			"Gracias por tu ayuda.\n"
			"Se trataba de esto: {topic}\n"
			"Me ha servido de mucho.\n"
			"Si puedo hacer algo por ti, dímelo.\n\n"
			"Un saludo\n{me}\n" },
		[FOLLOWUP_INTRODUCE] = { "Una presentación",
			"Hola, {them}:\n\n"
			"Me gustaría presentarte a alguien.\n"
			"Se trata de esto: {topic}\n"
			"¿Pregunto a la otra parte si le parece bien?\n\n"
			"Un saludo\n{me}\n" },
		[FOLLOWUP_REFERRAL] = { "Tu recomendación|: {topic}",
			"Hola, {them}:\n\n"
			"Gracias por la recomendación. Me pongo a ello:\n"
			"{topic}\n\n"
			"Te contaré cómo va.\n\n"
			"Un saludo\n{me}\n" },
		[FOLLOWUP_REPORT_BACK] = { "Cómo fue|: {topic}",
			"Hola, {them}:\n\n"
			"Quería contarte cómo fue.\n"
			"Se trataba de esto: {topic}\n\n"
			"Gracias otra vez por la pista.\n\n"
			"Un saludo\n{me}\n" },
		[FOLLOWUP_SHARE] = { "Puede interesarte",
			"Hola, {them}:\n\n"
			"Encontré esto y pensé en ti:\n"
			"{topic}\n\n"
			"No hace falta que respondas. Espero que te sirva.\n\n"
			"Un saludo\n{me}\n" },
		[FOLLOWUP_CONGRATULATE] = { "¡Enhorabuena!",
			"Hola, {them}:\n\n"
			"¡Enhorabuena!\n"
			"Acabo de enterarme: {topic}\n"
			"Me alegro mucho por ti.\n\n"
			"Un saludo\n{me}\n" },
		[FOLLOWUP_KEEP_IN_TOUCH] = { "¿Qué tal?",
			"Hola, {them}:\n\n"
			"Hace tiempo que no hablamos. ¿Qué tal estás?\n"
			"Me hablaste de {topic}. ¿Cómo va?\n\n"
			"Un saludo\n{me}\n" },
		[FOLLOWUP_FACE_TIME] = { "¿Un café?",
			"Hola, {them}:\n\n"
			"Hace tiempo que solo nos escribimos. ¿Quedamos para un café?\n"
			"Me gustaría saber más de {topic}.\n"
			"¿Cuándo te viene bien?\n\n"
			"Un saludo\n{me}\n" },
	},
	.drafts_why = {
		[WHY_MET_AGAIN] = { "Me alegró volver a verte |en {event}",
			"Hola, {them}:\n\n"
			"Me alegró volver a verte en {event}.\n"
			"Me hablaste de {topic} y me gustaría saber más.\n"
			"¿Puedo ayudarte en algo?\n\n"
			"Un saludo\n{me}\n" },
		[WHY_INTRODUCED] = { "Presentación |de {by}",
			"Hola, {them}:\n\n"
			"{by} nos ha presentado y me alegro de ello.\n"
			"Se trata de esto: {topic}\n"
			"¿Cuándo te vendría bien hablar?\n\n"
			"Un saludo\n{me}\n" },
		[WHY_WORKED] = { "Salió bien, gracias",
			"Hola, {them}:\n\n"
			"Algo ha salido bien y tú ayudaste a que así fuera:\n"
			"{topic}\n"
			"Todo empezó cuando me pusiste en contacto con {by}.\n"
			"Gracias. Si puedo hacer algo por ti, dímelo.\n\n"
			"Un saludo\n{me}\n" },
		[WHY_ASKED_FOR] = { "La presentación de la que hablamos",
			"Hola, {them}:\n\n"
			"Hablamos de una presentación: {topic}\n"
			"¿Podrías preguntar a la otra parte?\n"
			"Con gusto te mando dos líneas sobre mí para que las reenvíes.\n\n"
			"Un saludo\n{me}\n" },
		[WHY_WAITS] = { "¿Puedo presentarte |a {by}?",
			"Hola, {them}:\n\n"
			"Me gustaría presentarte a {by}.\n"
			"Se trata de esto: {topic}\n"
			"¿Te parece bien? Solo daré tu dirección si los dos estáis de acuerdo.\n\n"
			"Un saludo\n{me}\n" },
		[WHY_AGREED] = { "¿Qué tal fue |con {by}?",
			"Hola, {them}:\n\n"
			"Te presenté a {by}. ¿Qué tal fue?\n\n"
			"Un saludo\n{me}\n" },
		[WHY_TOLD] = { "Gracias por la presentación",
			"Hola, {them}:\n\n"
			"Me presentaste a {by}. Quería contarte cómo fue:\n\n"
			"Gracias otra vez.\n\n"
			"Un saludo\n{me}\n" },
	},
	.decline = {
		{ "Tu recomendación|: {topic}",
			"Hola, {them}:\n\n"
			"Gracias por pensar en mí.\n"
			"Se trataba de esto: {topic}\n"
			"Ahora mismo no puedo ocuparme y no quiero tenerte esperando.\n"
			"Espero que encuentres a alguien que pueda.\n\n"
			"Un saludo\n{me}\n" },
		{ "La presentación",
			"Hola, {them}:\n\n"
			"Gracias por pensar en mí.\n"
			"Se trataba de esto: {topic}\n"
			"Ahora mismo no me viene bien y no quiero tenerte esperando.\n\n"
			"Un saludo\n{me}\n" },
	},
	.months = { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
		"septiembre", "octubre", "noviembre", "diciembre" },
	.date = "{day} de {month}",
	.nth = "{n}.ª",
};
