#include "core/print/printer.h"

#include <cups/cups.h>
#include <stdio.h>
#include <string.h>

enum { CONNECT_MS = 5000, URI_MAX = 1024 };

struct address {
	char uri[URI_MAX], host[HTTP_MAX_HOST], resource[HTTP_MAX_URI];
	int port;
	bool tls;
};

/* A queue of CUPS on this machine is an address too. */
static bool find_address(struct address *out, const char *printer, struct err *e)
{
	char scheme[32], user[256];
	bool is_uri = strstr(printer, "://") != NULL;
	int n;

	if (is_uri)
		n = snprintf(out->uri, sizeof(out->uri), "%s", printer);
	else
		n = snprintf(out->uri, sizeof(out->uri), "ipp://localhost:%d/printers/%s",
			ippPort(), printer);
	if (n < 0 || (size_t)n >= sizeof(out->uri) ||
		httpSeparateURI(HTTP_URI_CODING_ALL, out->uri, scheme, sizeof(scheme), user,
			sizeof(user), out->host, sizeof(out->host), &out->port, out->resource,
			sizeof(out->resource)) < HTTP_URI_STATUS_OK ||
		(strcmp(scheme, "ipp") != 0 && strcmp(scheme, "ipps") != 0))
		return err_set(e, ERR_USAGE,
			"%.200s: a printer is the name of a CUPS queue, or ipp://HOST/ipp/print",
			printer);
	out->tls = strcmp(scheme, "ipps") == 0;
	return true;
}

static ipp_t *print_request(const struct printer_job *job, const struct address *to)
{
	ipp_t *r = ippNewRequest(IPP_OP_PRINT_JOB);
	ipp_t *size = ippNew(), *media = ippNew();
	double narrow = job->w_mm < job->h_mm ? job->w_mm : job->h_mm;
	double wide = job->w_mm < job->h_mm ? job->h_mm : job->w_mm;

	ippAddString(r, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, to->uri);
	ippAddString(r, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, cupsUser());
	ippAddString(r, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, job->title);
	ippAddString(
		r, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL, "application/pdf");
	/* in hundredths of a millimetre, upright (PWG 5101.1); wide pages are turned on the way */
	ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", (int)(narrow * 100));
	ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension", (int)(wide * 100));
	ippAddCollection(media, IPP_TAG_ZERO, "media-size", size);
	ippAddCollection(r, IPP_TAG_JOB, "media-col", media);
	ippAddString(r, IPP_TAG_JOB, IPP_TAG_KEYWORD, "print-scaling", NULL, "none");
	ippDelete(size);
	ippDelete(media);
	return r;
}

static bool send_body(http_t *http, const struct printer_job *job, const struct address *to,
	int *job_id, struct err *e)
{
	ipp_t *request = print_request(job, to), *reply = NULL;
	http_status_t status = cupsSendRequest(
		http, request, to->resource, ippLength(request) + job->pdf.len);
	ipp_attribute_t *id;
	bool ok;

	if (status == HTTP_STATUS_CONTINUE)
		status = cupsWriteRequestData(http, (const char *)job->pdf.p, job->pdf.len);
	if (status == HTTP_STATUS_CONTINUE)
		reply = cupsGetResponse(http, to->resource);
	ippDelete(request);
	/* a status below 0x0100 is success, RFC 8011 B.1 */
	ok = reply && ippGetStatusCode(reply) <= IPP_STATUS_OK_EVENTS_COMPLETE;
	id = ok ? ippFindAttribute(reply, "job-id", IPP_TAG_INTEGER) : NULL;
	*job_id = id ? ippGetInteger(id, 0) : 0;
	ippDelete(reply);
	return ok ||
	       err_set(e, ERR_IO, "the printer refused the job: %.200s", cupsLastErrorString());
}

bool printer_send(const struct printer_job *job, int *job_id, struct err *e)
{
	struct address to;
	http_t *http;
	bool ok;

	if (!find_address(&to, job->printer, e))
		return false;
	http = httpConnect2(to.host, to.port, NULL, AF_UNSPEC,
		to.tls ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED, 1, CONNECT_MS,
		NULL);
	if (!http)
		return err_set(e, ERR_UNAVAILABLE,
			"no printer answers at %.200s port %d: is it on, and its name right?",
			to.host, to.port);
	ok = send_body(http, job, &to, job_id, e);
	httpClose(http);
	return ok;
}
