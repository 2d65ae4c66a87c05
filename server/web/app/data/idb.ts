// IndexedDB by promises: the little that the store needs of it.

export const done = <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});

/** Everything that was asked of tx is written; asked for before anything else is awaited. */
export const complete = (tx: IDBTransaction): Promise<void> =>
	new Promise((resolve, reject) => {
		tx.oncomplete = () => resolve();
		tx.onabort = () => reject(tx.error ?? new DOMException("", "AbortError"));
	});

/** upgrade: of a database that is older than version, 0 where there was none. */
export function openDatabase(
	name: string,
	version: number | undefined,
	upgrade: (request: IDBOpenDBRequest, old: number) => void,
): Promise<IDBDatabase> {
	const request = indexedDB.open(name, version);
	request.onupgradeneeded = (event) => upgrade(request, event.oldVersion);
	return done(request);
}
