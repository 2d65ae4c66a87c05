// Nobody is signed in on this phone.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Sheet } from "../../parts";
import { LanguageSwitch } from "../../language";
import { SignIn } from "../../signin";
import { t } from "../../text";
import { leftUnsent } from "../data/station";

export function SignedOut(): VNode {
	const [, setLang] = useState("");
	return (
		<Sheet title={t("Your follow-ups are waiting")}>
			<LanguageSwitch onChange={setLang} />
			{leftUnsent() > 0 && (
				<p class="bar">{t("{n} entries were not sent yet. They wait on this phone until the same person signs in.", { n: leftUnsent() })}</p>
			)}
			<p>{t("At a station: tap your badge, touch “On my phone”, and scan the code. Or sign in with your ticket code here.")}</p>
			<SignIn onDone={() => location.reload()} />
		</Sheet>
	);
}
