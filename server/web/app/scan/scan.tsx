// The Scan tab: others' cards.
import type { VNode } from "preact";
import { t } from "../../text";
import type { Model } from "../data/types";

export const ScanTab = (_: { model: Model; route: string[] }): VNode => <h1>{t("Scan")}</h1>;
