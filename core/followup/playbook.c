/* The playbook: what a thoughtful networker does by default. What they write is in words_*.c. */
#include "core/followup/followup.h"

const struct playbook playbook_default = {
	.days = {
#define X(kind, name, days, loop, soft) [kind] = days,
		FOLLOWUP_KINDS(X)
#undef X
	},
	.offer_days = 5,
	.agreed_days = 14,
	.answer_days = 7,
	.soft_a_day = 3,
	.keep_done_days = 30,
	.let_go_days = 42,
	.goal_people = 2,
	.goal_leads = 1,
	.chain_steps = 3,
	.chain_people = 8,
	.lead_people = 5,
};
