// The HTTP interface (docs/api.md), as the pages use it: JSON in and out, errors as one class.

export class ApiError extends Error {
	constructor(
		/** 0: no answer at all. */
		readonly status: number,
		readonly code: string,
		text: string,
	) {
		super(text);
	}
}

interface ErrorBody {
	error?: { code?: string; text?: string };
}

async function answer<T>(request: Promise<Response>): Promise<T> {
	let response: Response;
	try {
		response = await request;
	} catch {
		throw new ApiError(0, "offline", "");
	}
	const text = await response.text();
	let body: unknown;
	try {
		body = text ? JSON.parse(text) : undefined;
	} catch {
		throw new ApiError(response.ok ? 502 : response.status, "malformed", "");
	}
	if (response.ok) return body as T;
	const { error } = (body ?? {}) as ErrorBody;
	throw new ApiError(response.status, error?.code ?? "internal", error?.text ?? "");
}

export const get = <T>(path: string): Promise<T> =>
	answer<T>(fetch(path, { headers: { Accept: "application/json" }, cache: "no-store" }));

export const post = <T = unknown>(path: string, body: unknown = {}): Promise<T> =>
	answer<T>(
		fetch(path, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(body),
		}),
	);

export const postCsv = <T>(path: string, file: Blob): Promise<T> =>
	answer<T>(fetch(path, { method: "POST", headers: { "Content-Type": "text/csv" }, body: file }));
