/* /openapi.json from the table of routes (OpenAPI 3.1). */
#include "core/http/http.h"

#include "core/base/json.h"

static const struct {
	unsigned role;
	const char *name;     /* x-roles, and the name of the scheme */
	const char *in, *key; /* what carries it; NULL: no credential */
} roles[] = {
	{ ROLE_ANYONE, "anyone", NULL, NULL },
	{ ROLE_ATTENDEE, "attendee", "cookie", "__Host-kith" },
	{ ROLE_DESK, "desk", "cookie", "__Host-kith-org" },
	{ ROLE_ORGANIZER, "organizer", "cookie", "__Host-kith-org" },
	{ ROLE_STATION, "station", "header", "Kith-Signature" },
	{ ROLE_SCREEN, "screen", NULL, NULL },
};

/* The methods that a path item of OpenAPI knows; the others (WebDAV's) stand under an x- key. */
static const struct {
	const char *method, *key;
} methods[] = {
	{ "DELETE", "delete" },
	{ "GET", "get" },
	{ "OPTIONS", "options" },
	{ "PATCH", "patch" },
	{ "POST", "post" },
	{ "PROPFIND", "x-propfind" },
	{ "PUT", "put" },
	{ "REPORT", "x-report" },
};

static const char *method_key(const char *method)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (strcmp(methods[i].method, method) == 0)
			return methods[i].key;
	return "x-other";
}

static void write_params(struct json_writer *w, const char *path)
{
	struct str rest = str_of(path), part;

	json_open(w, "parameters", '[');
	while (str_split(&rest, '/', &part)) {
		if (part.len < 3 || part.p[0] != '{')
			continue;
		json_open(w, NULL, '{');
		json_str(w, "name", str_sub(part, 1, part.len - 1));
		json_str(w, "in", STR("path"));
		json_bool(w, "required", true);
		json_raw(w, "schema", STR("{\"type\":\"string\"}"));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_roles(struct json_writer *w, unsigned of)
{
	json_open(w, "x-roles", '[');
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (of & roles[i].role)
			json_str(w, NULL, str_of(roles[i].name));
	json_close(w, ']');
	json_open(w, "security", '[');
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		if (!(of & roles[i].role) || !roles[i].in || (of & ROLE_ANYONE))
			continue;
		json_open(w, NULL, '{');
		json_raw(w, roles[i].name, STR("[]"));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_route(struct json_writer *w, const struct route *r)
{
	json_open(w, method_key(r->method), '{');
	json_str(w, "summary", str_of(r->summary));
	write_params(w, r->path);
	write_roles(w, r->roles);
	if (strcmp(r->method, "POST") == 0)
		json_raw(w, "requestBody",
			STR("{\"content\":{\"application/"
			    "json\":{\"schema\":{\"type\":\"object\"}}}}"));
	json_raw(w, "responses",
		STR("{\"2XX\":{\"description\":\"done\"},\"default\":{\"$ref\":\"#/components/"
		    "responses/error\"}}"));
	json_close(w, '}');
}

static void write_components(struct json_writer *w)
{
	json_open(w, "components", '{');
	json_open(w, "securitySchemes", '{');
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		if (!roles[i].in)
			continue;
		json_open(w, roles[i].name, '{');
		json_str(w, "type", STR("apiKey"));
		json_str(w, "in", str_of(roles[i].in));
		json_str(w, "name", str_of(roles[i].key));
		json_close(w, '}');
	}
	json_close(w, '}');
	json_raw(w, "responses",
		STR("{\"error\":{\"description\":\"refused\",\"content\":{\"application/"
		    "json\":{\"schema\":"
		    "{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{\"error\":{"
		    "\"type\":\"object\","
		    "\"required\":[\"code\",\"text\"],\"properties\":{\"code\":{\"type\":"
		    "\"string\"},"
		    "\"text\":{\"type\":\"string\"}}}}}}}}}"));
	json_close(w, '}');
}

void http_openapi_write(struct buf *out, struct str title, const struct route *routes, size_t n)
{
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	json_str(&w, "openapi", STR("3.1.0"));
	json_open(&w, "info", '{');
	json_str(&w, "title", title);
	json_str(&w, "version", str_of(KITH_VERSION));
	json_close(&w, '}');
	json_open(&w, "paths", '{');
	for (size_t i = 0; i < n; i++) {
		size_t before = 0;

		while (before < i && strcmp(routes[before].path, routes[i].path) != 0)
			before++;
		if (before < i)
			continue;
		json_open(&w, routes[i].path, '{');
		for (size_t k = i; k < n; k++)
			if (strcmp(routes[k].path, routes[i].path) == 0)
				write_route(&w, &routes[k]);
		json_close(&w, '}');
	}
	json_close(&w, '}');
	write_components(&w);
	json_close(&w, '}');
}
