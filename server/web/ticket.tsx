// /t#CODE: sign in with the private code of a ticket.
import "./page.css";
import { render } from "preact";
import { Sheet, takeFragment } from "./parts";
import { SignIn } from "./signin";
import { t } from "./text";

const code = takeFragment();
const root = document.getElementById("app");
if (root)
	render(
		<Sheet title={t("Sign in with your ticket")}>
			<SignIn code={code} onDone={() => location.assign("/")} />
		</Sheet>,
		root,
	);
