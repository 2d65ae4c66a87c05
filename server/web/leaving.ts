// Somebody signed out without a network: the session's cookie is still good, and only the server can
// take it back. Until it did, this browser shows nobody's data; signing in anew makes it another session.
const due = "kith-signout";

export const signoutDue = (): boolean => localStorage.getItem(due) !== null;

export function setSignoutDue(is: boolean): void {
	if (is) localStorage.setItem(due, "1");
	else localStorage.removeItem(due);
}
