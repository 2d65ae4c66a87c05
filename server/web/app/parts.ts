// The screens that are not needed at the start, as one file: they share too much to be several.
export { Brief } from "./brief/brief";
export { CardTab } from "./card/card";
export { MeTab } from "./me/me";
export { PeopleTab } from "./people/people";
export { LeadSheet } from "./people/sheets";
export { Triage } from "./triage/triage";
