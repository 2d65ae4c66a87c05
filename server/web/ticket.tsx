// /t#CODE: sign in with the private code of a ticket, or add its event to the list of whoever is
// signed in here.
import "./page.css";
import { type VNode, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, post } from "@web/api";
import { signoutDue } from "./leaving";
import { Button, Problem, Sheet, takeFragment, useTask } from "./parts";
import { SignIn } from "./signin";
import { Spoken } from "./spoken";
import { t, tx } from "./text";

interface Me {
	name: string;
	event: { name: string };
}

const code = takeFragment();
const home = (): void => location.assign("/");

function Join({ me, onAlone }: { me: Me; onAlone: () => void }): VNode {
	const { busy, error, run } = useTask();
	return (
		<Sheet title={me.name}>
			<p>{tx("You are signed in for {event}", { event: me.event.name })}</p>
			<p>{t("Is this ticket yours, too? Then both events are one list from now on.")}</p>
			<Problem error={error} />
			<Button kind="main" disabled={busy} onClick={() => void run(() => post("/v1/me/join", { code }).then(home))}>
				{t("Add the event")}
			</Button>
			<Button onClick={onAlone}>{t("Sign in with this ticket alone")}</Button>
		</Sheet>
	);
}

function Ticket(): VNode {
	const [me, setMe] = useState<Me>();
	useEffect(() => {
		// who signed out offline is not shown here, nor joined, by a cookie that is still good
		if (code && !signoutDue()) get<Me>("/v1/me").then(setMe, () => undefined);
	}, []);
	if (me) return <Join me={me} onAlone={() => setMe(undefined)} />;
	return (
		<Sheet title={t("Sign in with your ticket")}>
			<SignIn code={code} onDone={home} />
		</Sheet>
	);
}

const root = document.getElementById("app");
if (root) render(<Spoken>{() => <Ticket />}</Spoken>, root);
