// The phone app: a full station in the browser, with five tabs. Everything that it shows is planned
// on the phone, so it works the same with the server gone.
import "./app.css";
import { type VNode, render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { key } from "@web/i18n";
import { Icon, Sheet } from "../parts";
import { type Key, t } from "../text";
import { useApp } from "./data/model";
import { start } from "./data/station";
import type { Account, Model } from "./data/types";
import { QueueTab } from "./queue/queue";
import { type TabName, link, useRoute } from "./route";
import { NewVersion, startServiceWorker } from "./shell/install";
import { StatusStrip } from "./shell/status";
import { lazy, prefetch } from "./ui/lazy";
import { onShelf } from "./ui/item";

interface TabProps {
	model: Model;
	route: string[];
}

// the queue is what one comes for: the other tabs follow while nothing else is to do
const CardTab = lazy<TabProps>(() => import("./parts").then((parts) => parts.CardTab));
const ScanTab = lazy<TabProps>(() => import("./scan/scan").then((tab) => tab.ScanTab));
const PeopleTab = lazy<TabProps>(() => import("./parts").then((parts) => parts.PeopleTab));
const MeTab = lazy<TabProps>(() => import("./parts").then((parts) => parts.MeTab));
const Approvals = lazy<{ account: Account }>(() => import("./parts").then((parts) => parts.Approvals), true);
const InstallHint = lazy<{ model: Model }>(() => import("./parts").then((parts) => parts.InstallHint), true);

const SignedOut = lazy(() => import("./shell/signedout").then((part) => part.SignedOut));

interface TabInfo {
	name: TabName;
	title: Key;
	icon: string;
	page: (props: TabProps) => VNode | null;
}

const tabs: TabInfo[] = [
	{ name: "card", title: key("Card"), icon: "card", page: CardTab },
	{ name: "scan", title: key("Scan"), icon: "scan", page: ScanTab },
	{ name: "people", title: key("People"), icon: "person", page: PeopleTab },
	{ name: "queue", title: key("Queue"), icon: "list", page: QueueTab },
	{ name: "me", title: key("Me"), icon: "me", page: MeTab },
];

function Tabs({ current, model }: { current: TabInfo; model: Model }): VNode {
	const todo = onShelf(model.plan.items, "today").length;
	return (
		<nav class="tabs" aria-label={t("Parts of the app")}>
			{tabs.map((tab) => (
				<a key={tab.name} class="tab" href={link(tab.name)} aria-current={tab === current ? "page" : undefined}>
					<Icon name={tab.icon} />
					<span>{t(tab.title)}</span>
					{tab.name === "queue" && todo > 0 && <span class="tab-count">{todo}</span>}
				</a>
			))}
		</nav>
	);
}

function Ready({ model }: { model: Model }): VNode {
	const route = useRoute();
	const current = tabs.find((tab) => tab.name === route[0]) ?? tabs[3]!;
	const main = useRef<HTMLElement>(null);
	const place = route.join("/");
	const first = useRef(true);

	// a new screen starts at its top, with the focus on it
	useEffect(() => {
		if (first.current) {
			first.current = false;
			return;
		}
		scrollTo(0, 0);
		main.current?.focus({ preventScroll: true });
	}, [place]);

	return (
		<div class="app">
			<StatusStrip model={model} />
			<NewVersion />
			{model.people.length > 0 && <InstallHint model={model} />}
			{model.account?.approvals.length ? <Approvals account={model.account} /> : null}
			<main class="main" ref={main} tabIndex={-1}>
				<current.page model={model} route={route.slice(1)} />
			</main>
			<Tabs current={current} model={model} />
		</div>
	);
}

function App(): VNode {
	const { phase, model } = useApp();
	if (phase === "signed-out") return <SignedOut />;
	if (!model) return <Sheet title={t("One moment")}>{null}</Sheet>;
	return <Ready model={model} />;
}

const root = document.getElementById("app");
if (root) render(<App />, root);
void start();
prefetch();
void startServiceWorker().catch(() => undefined);
